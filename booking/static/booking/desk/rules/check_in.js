// What somebody who stands at the desk is told: twin of booking/rules/check_in.py, by tests/rules/check_in_cases.json.
// Never does a check-in say that somebody may be vaccinated; that is for the health questions.
import { dayOf, minutesBetween } from "../clock.js";

const MINUTE_MS = 60_000;
const said = (result, reason) => ({ result, reason });

/** `known`: null or {status, isHere, startsAt, endsAt, day, hasVisit}; times are Dates, days 2026-11-02, window minutes. */
export function checkIn(known, { now, today, window, isOurs = true, acceptsTime = false }) {
  if (!isOurs) return said("unknown", "not_ours");
  if (!known) return said("unknown", "not_in_list");
  return barred(known) || byTheClock(known, { now, today, window, acceptsTime });
}

function barred({ isHere, status, hasVisit }) {
  if (!isHere) return said("refused", "other_site");
  if (status === "fulfilled" || status === "cancelled") return said("refused", status);
  if (status === "checked_in" || hasVisit) return said("refused", "already");
  return null;
}

function byTheClock({ status, startsAt, endsAt, day }, { now, today, window, acceptsTime }) {
  if (day !== today) return said("wrong_time", "other_day");
  if (!acceptsTime && now < startsAt - window * MINUTE_MS) return said("wrong_time", "too_early");
  if (!acceptsTime && now - endsAt > window * MINUTE_MS) return said("wrong_time", "too_late");
  if (status === "no_show") return said("ok", "revived");
  if (now < startsAt) return said("ok", "early");
  return said("ok", now > endsAt ? "late" : "on_time");
}

/** The same for a row of the day's list (null: in none), with the facts that the words need. */
export function judge(row, { now, settings, acceptTime = false, isOurs = true }) {
  const known = row && {
    status: row.status,
    isHere: true,
    startsAt: new Date(row.starts_at),
    endsAt: new Date(row.ends_at),
    day: dayOf(row.starts_at),
    hasVisit: Boolean(row.visit),
  };
  const window = settings.check_in_minutes ?? 60;
  const verdict = checkIn(known, { now, today: dayOf(now), window, isOurs, acceptsTime: acceptTime });
  return { ...verdict, facts: row ? factsOf(row, now) : {} };
}

function factsOf({ starts_at, ends_at, visit }, now) {
  const facts = {
    starts_at,
    ends_at,
    early_minutes: Math.max(0, minutesBetween(now, starts_at)),
    late_minutes: Math.max(0, minutesBetween(ends_at, now)),
  };
  return visit ? { ...facts, at: visit.arrived_at, desk: visit.desk } : facts;
}
