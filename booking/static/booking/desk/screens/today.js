// Today's people (S1): found by name, number or document's end, by half hour and by how far they are.
import { html, useMemo, useState } from "../html.js";
import { chosen, halvesOf } from "../check_in/filter.js";
import { minutesLate, stateOf, vaccineOf } from "../check_in/row_words.js";
import { timeOf } from "../clock.js";
import { addressOf } from "../router.js";
import { useDesk } from "../state.js";
import { Empty, Icon, Title, useTicking } from "../ui.js";
import { t } from "../words.js";

const words = {
  all: () => t("全部"), due: () => t("还没到"), late: () => t("迟到"), waiting: () => t("等候"),
  observed: () => t("留观"), gone: () => t("完成"), out: () => t("爽约和取消"),
};

export function Today({ beside = false }) {
  const { list, settings } = useDesk();
  const [asked, setAsked] = useState({ text: "", half: "", state: "all" });
  // Who was due is late by and by.
  useTicking(30);
  const codeOf = (row) => stateOf(row, settings).code;
  const shown = chosen(list, asked, codeOf);
  const halves = useMemo(() => halvesOf(list), [list]);
  const ask = (facts) => setAsked((was) => ({ ...was, ...facts }));
  return html`<section class="sheet today">
    ${beside ? html`<h2>${t("今天的预约")}</h2>` : html`<${Title}>${t("今天的预约")}<//>`}
    ${list.length === 0
      ? html`<${Empty} icon="calendar" title=${t("今天没有预约")}><p>${t("有人来了可以看看现场有没有号。")}</p><//>`
      : html`<${Choices} asked=${asked} ask=${ask} halves=${halves} list=${list} codeOf=${codeOf} />
        <p class="note" role="status">${t("%(n)s 人", { n: shown.length })}</p>
        ${shown.length === 0
          ? html`<${Empty} icon="search" title=${t("没有这样的人")}><p>${t("少选一项，或者用手工查找。")}</p>
              <a class="button" href=${addressOf("find")}>${t("手工查找")}</a><//>`
          : html`<ol class="people">${shown.map((row) => html`<${Person} key=${row.reference} row=${row} settings=${settings} />`)}</ol>`}`}
  </section>`;
}

function Choices({ asked, ask, halves, list, codeOf }) {
  const count = (state) => chosen(list, { ...asked, state }, codeOf).length;
  return html`<div class="choices">
    <label class="search"><span class="unseen">${t("姓名、尾号或预约号")}</span><${Icon} name="search" size=${20} />
      <input type="search" value=${asked.text} placeholder=${t("姓名、尾号或预约号")} autocomplete="off"
        onInput=${(event) => ask({ text: event.currentTarget.value })} /></label>
    <label class="half"><span class="unseen">${t("时段")}</span>
      <select value=${asked.half} onChange=${(event) => ask({ half: event.currentTarget.value })}>
        <option value="">${t("所有时段")}</option>
        ${halves.map((half) => html`<option key=${half} value=${half}>${half}</option>`)}</select></label>
    <div class="states" role="group" aria-label=${t("到了哪一步")}>
      ${Object.keys(words).filter((state) => state === "all" || state === asked.state || count(state) > 0).map((state) => html`<button key=${state} type="button" aria-pressed=${asked.state === state}
        onClick=${() => ask({ state })}>${words[state]()} <b>${count(state)}</b></button>`)}</div></div>`;
}

/** One person in a list; the whole row opens them. */
export function Person({ row, settings }) {
  const { code, icon, word } = stateOf(row, settings);
  const late = code === "late" ? t("晚了 %(n)s 分钟", { n: minutesLate(row) }) : "";
  return html`<li><a class=${`one-person ${code}`} href=${addressOf("person", row.reference)}>
    <time>${timeOf(row.starts_at)}</time>
    <span class="name"><b>${row.name}</b> <small>${t("%(years)s 岁", { years: row.age })} · ${t("尾号 %(tail)s", { tail: row.tail })}</small>
      <small class="vaccine">${vaccineOf(row)}${late && ` · ${late}`}</small></span>
    <span class=${`state ${code}`}><${Icon} name=${icon} size=${20} />${word}</span></a></li>`;
}
