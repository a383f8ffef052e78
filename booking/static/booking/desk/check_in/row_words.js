// What a row of the day's list says about a person, in words.
import { dayOf, minutesBetween, timeOf } from "../clock.js";
import { deskNow } from "../state.js";
import { named, t } from "../words.js";

/** 09:00–09:30 */
export function timesOf(row) {
  return `${timeOf(row.starts_at)}–${timeOf(row.ends_at)}`;
}

/** 女 · 68 岁 · 尾号 4127 */
export function whoOf(row) {
  const sex = { F: t("女"), M: t("男") }[row.sex];
  const age = row.age === null || row.age === undefined ? "" : t("%(years)s 岁", { years: row.age });
  return [sex, age, row.tail && t("尾号 %(tail)s", { tail: row.tail })].filter(Boolean).join(" · ");
}

/** 四价流感 · 第 1 剂 */
export function vaccineOf(row) {
  const name = named(row, "programme_name");
  return row.doses === 1 ? name : t("%(vaccine)s · 第 %(dose)s 剂", { vaccine: name, dose: row.dose });
}

/** 2026-10-20 同种疫苗 · 间隔够; whether a dose today would be too early. */
export function lastDoseOf(row) {
  if (!row.last_dose) return t("没有记录");
  const early = tooEarly(row);
  const facts = { day: row.last_dose.on, dose: row.last_dose.dose, until: row.not_before };
  return early
    ? t("%(day)s 第 %(dose)s 剂 · 间隔不够，%(until)s 起可以", facts)
    : t("%(day)s 第 %(dose)s 剂 · 间隔够", facts);
}

export function tooEarly(row) {
  return Boolean(row.not_before && row.not_before > dayOf(deskNow()));
}

/** 4 小时 50 分 */
export function longOf(minutes) {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return t("%(minutes)s 分钟", { minutes: rest });
  if (!rest) return t("%(hours)s 小时", { hours });
  return t("%(hours)s 小时 %(minutes)s 分", { hours, minutes: rest });
}

/** 早到 8 分钟; empty for who comes within their slot. */
function punctualityOf(row, at) {
  if (dayOf(row.starts_at) !== dayOf(at)) return "";
  const early = minutesBetween(at, row.starts_at);
  const late = minutesBetween(row.ends_at, at);
  if (early > 0) return t("早到 %(long)s", { long: longOf(early) });
  if (late > 0) return t("迟到 %(long)s", { long: longOf(late) });
  return "";
}

/** 09:00–09:30（早到 8 分钟） */
export function bookedOf(row, at) {
  // Nobody waits for who has cancelled.
  const [times, how] = [timesOf(row), row.status === "cancelled" ? "" : punctualityOf(row, at)];
  const day = dayOf(row.starts_at) === dayOf(at) ? "" : `${dayOf(row.starts_at)} `;
  return how ? t("%(times)s（%(how)s）", { times, how }) : day + times;
}

/** What to look at before going on; each flag of the list in words. */
export function flagsOf(row) {
  const origins = { family: t("家人代约"), community: t("社区代约"), walk_in: t("现场取号") };
  return [origins[row.origin], ...(row.flags || []).map((flag) => FLAGS[flag]?.(row))].filter(Boolean);
}

const FLAGS = {
  minor: () => t("未成年，要监护人在场"),
  // Said with the last dose where there is one.
  interval: (row) => !row.last_dose && t("离上一剂的间隔不够"),
};

// --- How far somebody is: an icon and a word, never a colour alone ---

/** {code, icon, word} */
export function stateOf(row, settings) {
  const [code, icon, word] = state(row, settings);
  return { code, icon, word };
}

function state(row, settings) {
  const { visit } = row;
  if (visit?.not_done) return ["not_done", "cross", t("未接种")];
  if (visit?.status === "finished") return ["finished", "tick", t("完成")];
  if (visit?.status === "in_progress") return ["observed", "clock", t("留观中")];
  if (visit?.status === "triaged") return ["triaged", "vaccine", t("问诊完")];
  if (visit?.status === "arrived") return ["arrived", "person", t("已到")];
  if (row.status === "fulfilled") return ["finished", "tick", t("已接种")];
  if (row.status === "cancelled") return ["cancelled", "cross", t("已取消")];
  if (row.status === "no_show") return ["no_show", "cross", t("爽约")];
  if (minutesLate(row) > (settings.late_minutes ?? 30)) return ["late", "warning", t("迟到")];
  return ["due", "clock", t("还没到")];
}

/** How long ago the slot began for who is not here yet. */
export function minutesLate(row) {
  return row.status === "booked" && !row.visit ? minutesBetween(row.starts_at, deskNow()) : 0;
}

/** Those who came earlier and have not been asked yet. */
export function waitingBefore(row, list) {
  const came = row.visit?.arrived_at || deskNow().toISOString();
  return list.filter(
    (one) => one.reference !== row.reference && one.visit?.status === "arrived" &&
      Date.parse(one.visit.arrived_at) <= Date.parse(came),
  ).length;
}

/** A086 */
export function ticketOf(row) {
  const number = row.visit?.ticket;
  return number ? `A${String(number).padStart(3, "0")}` : "";
}
