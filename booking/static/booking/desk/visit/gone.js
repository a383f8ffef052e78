// A screen about somebody who cannot be helped here now: says why, and where to go on.
import { html } from "../html.js";
import { go } from "../router.js";
import { Actions, Button, Empty, Title } from "../ui.js";
import { t } from "../words.js";
import { Who } from "./who.js";

/** What keeps this row from the step `wanted` ("ask", "dose", "record", "correct"), as words; null: nothing does. */
export function whyNot(row, wanted) {
  if (!row) return t("今天的名单里没有这个人。");
  if (!row.visit) return t("还没有签到。先去登记台签到。");
  if (wanted === "ask" && row.visit.dose) return t("已经接种了，不再问。");
  if (wanted === "record" && !row.visit.dose) return t("这次没有接种，没有记录可以打印。");
  return null;
}

export function Gone({ title, row, why }) {
  return html`<section class="sheet visit"><${Title}>${title}<//>
    ${row && html`<${Who} row=${row} />`}
    <${Empty} icon="person" title=${why} />
    <${Actions}>
      ${row && html`<${Button} kind="main" onClick=${() => go("person", row.reference)}>${t("看这个人")}<//>`}
      <${Button} kind=${row ? "second" : "main"} onClick=${() => go("today")}>${t("看今天的名单")}<//>
    <//></section>`;
}
