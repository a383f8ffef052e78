// What the person can have today: each vaccine of the day with its place, or the reason why not and what else there is.
import { whoOf } from "../check_in/row_words.js";
import { html } from "../html.js";
import { dayOf, timeOf } from "../clock.js";
import { addressOf } from "../router.js";
import { deskNow, may } from "../state.js";
import { Actions, Button, Empty, Notice } from "../ui.js";
import { named, t } from "../words.js";

export function Options({ found, person, busy, onTake, onOther }) {
  const [free, rest] = [found.options.filter((one) => one.place), found.options.filter((one) => !one.place)];
  return html`<div class="walk-in-options">
    <p class="who"><b>${person.name}</b><span>${whoOf(found)}</span></p>
    ${found.options.length === 0 && html`<${Empty} icon="calendar" title=${t("本点今天没有接种安排")} />`}
    ${rest.length > 0 && html`<ul class="not-free">${rest.map((one) => html`<${NotFree} key=${one.programme} option=${one} />`)}</ul>`}
    <ul class="free">${free.map((one) => html`<${Free} key=${one.programme} option=${one} busy=${busy} onTake=${onTake} />`)}</ul>
    <${Actions}><${Button} onClick=${onOther}>${t("换一个人")}<//><//>
  </div>`;
}

function titleOf(option) {
  if (!option.dose || option.doses === 1) return named(option);
  return t("%(vaccine)s · 第 %(dose)s 剂", { vaccine: named(option), dose: option.dose });
}

function Free({ option, busy, onTake }) {
  const { return_at } = option.place;
  const now = new Date(return_at) <= deskNow();
  return html`<li><p><b>${titleOf(option)}</b>
    <span class="when">${now ? t("现在就可以") : t("%(time)s 来", { time: timeOf(return_at) })}</span></p>
    <${Button} kind="main" busy=${busy} onClick=${() => onTake(option)}>${now ? t("取号") : t("取 %(time)s 的号", { time: timeOf(return_at) })}<//></li>`;
}

function NotFree({ option }) {
  const full = option.code === "no_place_today";
  return html`<li><p><b>${titleOf(option)}</b></p>
    <${Notice} kind="warn">${whyNot(option)}<//>
    ${option.near.length > 0 && html`<p class="note">${t("网上还能约：")}</p><ul class="near">${option.near.map((one) => html`<li key=${one.site + one.starts_at}>
      ${named(one, "site_name")} · ${whenOf(one.starts_at)}</li>`)}</ul>`}
    ${full && may("leftovers") && html`<a class="button" href=${addressOf("leftovers")}>${t("看余苗")}</a>`}</li>`;
}

/** A refusal in words, with where and when the person has their appointment. */
export function whyNot({ detail, facts }) {
  if (facts.starts_at) return t("%(why)s在本点，%(day)s %(time)s。", { why: detail, day: dayWords(facts.day), time: timeOf(facts.starts_at) });
  if (facts.day) return t("%(why)s在别的接种点，%(day)s。", { why: detail, day: dayWords(facts.day) });
  if (facts.from_date) return t("%(why)s%(day)s 起可以。", { why: detail, day: facts.from_date });
  return detail;
}

const dayWords = (day) => (day === dayOf(deskNow()) ? t("今天") : day);
const whenOf = (at) => `${dayWords(dayOf(at))} ${timeOf(at)}`;
