// What the health questions came to. This is the one screen that says 可以接种.
import { html } from "../html.js";
import { go } from "../router.js";
import { queueOf } from "../rules/calling.js";
import { may, useDesk } from "../state.js";
import { Actions, Button, Icon, Title } from "../ui.js";
import { t } from "../words.js";
import { CallNext } from "./call_next.js";
import { Who } from "./who.js";

export function Asked({ row, until, onAgain }) {
  const { list, shift } = useDesk();
  const look = LOOKS[row.visit.decision] || LOOKS.may;
  const ok = row.visit.decision === "may";
  const here = ok && may("vaccinate") && shift.station !== "screening";
  return html`<section class="visit asked">
    <div class=${`verdict ${look.kind}`} role="status"><${Icon} name=${look.icon} size=${72} stroke=${3} />
      <${Title}>${look.word()}<//><p>${ok ? whereTo(row, list) : untilWords(row, until)}</p></div>
    <div class="sheet"><${Who} row=${row} />
      ${!ok && html`<p class="tell">${t("请告诉本人：这个预约已取消，可以现在或回家后重新预约。")}</p>`}
      <${Actions}>
        ${here && html`<${Button} kind="main" icon="vaccine" onClick=${() => go("dose", row.reference)}>${t("现在接种")}<//>`}
        <${CallNext} station="screening" kind=${here ? "second" : "main"} />
        ${ok && may("answer") && html`<${Button} kind="quiet" onClick=${onAgain}>${t("重新问")}<//>`}
      <//></div>
  </section>`;
}

const LOOKS = {
  may: { kind: "ok", icon: "tick", word: () => t("可以接种") },
  defer: { kind: "wait", icon: "clock", word: () => t("暂缓接种") },
  refuse: { kind: "no", icon: "cross", word: () => t("不接种") },
};

function whereTo(row, list) {
  const before = queueOf(list, "vaccination").waiting.findIndex((other) => other.reference === row.reference);
  return before > 0 ? t("请到接种台 · 前面 %(n)s 位", { n: before }) : t("请到接种台 · 下一位就是");
}

function untilWords(row, until) {
  if (row.visit.decision !== "defer") return t("这个疫苗今天不打");
  return until ? t("%(day)s 以后可以打", { day: until }) : t("今天不打");
}
