// What the doctor decides where there is a yes, or where they see something that nobody was asked about.
import { dayOf } from "../clock.js";
import { html } from "../html.js";
import { deskNow } from "../state.js";
import { Button, Choice, Field } from "../ui.js";
import { t } from "../words.js";

const WEEKS = [7, 14, 28];

/** The day so many days from today. */
export function daysOn(days) {
  return dayOf(new Date(deskNow().getTime() + days * 86400000));
}

export function Decision({ choice, wrong, onChange }) {
  const options = [
    ["may", t("可以接种")],
    ["defer", t("暂缓"), t("过些天再来")],
    ["refuse", t("不接种"), t("这个疫苗不适合")],
  ];
  return html`<section class="decision"><h2>${t("医生决定")}</h2>
    <${Choice} label=${t("结论")} name="decision" options=${options} value=${choice.decision}
      onChange=${(decision) => onChange({ decision })} />
    ${choice.decision === "defer" && html`<div class="until">
      <${Field} label=${t("暂缓到哪天")} name="until" type="date" value=${choice.until} min=${daysOn(1)} error=${wrong.until}
        onInput=${(until) => onChange({ until })} />
      <div class="weeks">${WEEKS.map((days) => html`<${Button} key=${days} aria-pressed=${choice.until === daysOn(days)}
        onClick=${() => onChange({ until: daysOn(days) })}>${t("%(n)s 天后", { n: days })}<//>`)}</div></div>`}
    <${Field} label=${t("说明")} hint=${t("什么情况，为什么这样决定。加密保存，不显示在名单上。")} name="note" many value=${choice.note}
      error=${wrong.note} maxlength="500" onInput=${(note) => onChange({ note })} />
  </section>`;
}
