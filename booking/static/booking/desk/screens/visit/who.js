// Who is at the desk, and what for: the same two lines on every screen of a visit.
import { html } from "../../html.js";
import { ticketOf } from "../../rules/calling.js";
import { language, t } from "../../words.js";

export function Who({ row, at = null }) {
  const ticket = ticketOf(row);
  return html`<div class="visit-who">
    <p class="visit-name">${ticket && html`<span class="ticket">${ticket}</span>`}<b>${row.name}</b></p>
    <p class="visit-line">${personLine(row)}</p>
    <p class="visit-line"><b>${programmeOf(row)} · ${doseOf(row)}</b>${at && html` · ${at}`}</p>
  </div>`;
}

/** 女 · 68 岁 · 尾号 4127 */
export function personLine(row) {
  const sex = { F: t("女"), M: t("男") }[row.sex];
  const age = Number.isFinite(row.age) ? t("%(n)s 岁", { n: row.age }) : "";
  return [sex, age, row.tail && t("尾号 %(tail)s", { tail: row.tail })].filter(Boolean).join(" · ");
}

export function programmeOf(row) {
  return language() === "en" ? row.programme_name_en || row.programme_name : row.programme_name;
}

export function doseOf(row) {
  return t("第 %(n)s 剂", { n: row.dose });
}

/** A name for where others look too: what is between the first and the last sign is hidden. */
export function maskedName(name) {
  const signs = [...name];
  if (signs.length < 3) return signs.map((sign, at) => (at ? "*" : sign)).join("");
  return signs[0] + "*".repeat(Math.min(signs.length - 2, 3)) + signs.at(-1);
}
