// What stands in the way of a dose: the twin of booking/rules/dose.py, tested with the same table of cases.

// A dose is given once, and nobody can say what an unknown batch is.
export const FOR_GOOD = ["already_given", "unknown_batch"];
const SHORTEST_REASON = 4;

/**
 * Everything that bars this dose of the series, of `vaccine` from `batch`, on that day; worst first. `decision` is what the
 * health questions came to ("MAY", "DEFER", "REFUSE"), null before they were asked. Days are texts such as 2026-11-24.
 */
export function bars({ on, vaccine, batch, dose, doses_received: received, not_before: notBefore, decision, given }) {
  const found = given ? ["already_given"] : [];
  found.push(...(batch ? ofBatch(batch, vaccine, on) : ["unknown_batch"]));
  if (received < dose - 1) found.push("dose_before_missing");
  if (notBefore && on < notBefore) found.push("too_early");
  if (!decision) found.push("not_asked");
  else if (decision !== "MAY") found.push("deferred");
  return found;
}

function ofBatch(batch, vaccine, on) {
  const wrong = {
    wrong_vaccine: batch.vaccine !== vaccine,
    batch_expired: on > batch.expires_on,
    batch_finished: batch.finished,
    batch_empty: batch.left <= 0,
  };
  return Object.keys(wrong).filter((bar) => wrong[bar]);
}

/** The bars that stay if somebody wants to lift `lift` for that reason; only a doctor may, and has to say why. */
export function stillBarred(found, { lift, reason, doctor }) {
  const may = doctor && isReason(reason);
  return found.filter((bar) => !(may && lift.includes(bar) && isLiftable(bar)));
}

export function isLiftable(bar) {
  return !FOR_GOOD.includes(bar);
}

/** Whether that says why, rather than being something typed to get past the field. */
export function isReason(text) {
  return [...text.trim()].length >= SHORTEST_REASON;
}

/** From when this dose may be given, if the one before it was given on that day; null: no interval to keep. */
export function notBefore(intervals, { dose, before_on: beforeOn }) {
  if (dose < 2 || !beforeOn || dose - 1 > intervals.length) return null;
  const day = new Date(`${beforeOn}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + intervals[dose - 2]);
  return day.toISOString().slice(0, 10);
}
