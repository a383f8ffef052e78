// Found by hand: first in today's list, which is on the device; only then, with a reason that is written down, by
// document in the whole city.
import { html, useState } from "../html.js";
import { checkInCode } from "../check_in/flow.js";
import { matcher } from "../check_in/filter.js";
import { Wider } from "../check_in/wider.js";
import { readCode } from "../scanner/codes.js";
import { may, useDesk } from "../state.js";
import { Button, Empty, Field, Title, useBusy } from "../ui.js";
import { t } from "../words.js";
import { Person } from "./today.js";

const MOST = 20;

export function Find() {
  const { list, settings } = useDesk();
  const [text, setText] = useState("");
  const [busy, run] = useBusy();
  const wanted = text.trim();
  const found = wanted ? list.filter(matcher(wanted)) : [];
  const code = readCode(wanted);
  // A whole number that is not in the list may be of another day or site: the server is asked as if it were scanned.
  const elsewhere = found.length === 0 && Boolean(code.reference);
  return html`<section class="sheet find">
    <${Title}>${t("手工查找")}<//>
    <${Field} name="wanted" label=${t("姓名、证件尾号或预约号")} value=${text} onInput=${setText} type="search"
      autocomplete="off" maxlength="40" hint=${t("先在今天的名单里找，断网也能用")} />
    ${found.length > 0 && html`<p class="note" role="status">${t("%(n)s 人", { n: found.length })}</p>
      <ol class="people">${found.slice(0, MOST).map((row) => html`<${Person} key=${row.reference} row=${row} settings=${settings} />`)}</ol>
      ${found.length > MOST && html`<p class="note">${t("再多输几个字，只显示前 %(n)s 人。", { n: MOST })}</p>`}`}
    ${wanted && found.length === 0 && html`<${Empty} icon="search" title=${t("今天的名单里没有")}>
      ${elsewhere
        ? html`<${Button} kind="main" busy=${busy} onClick=${() => run(() => checkInCode(code, "number"))}>${t("查这个预约号")}<//>`
        : html`<p>${t("看看有没有输错；也可以用证件查全市。")}</p>`}<//>`}
    ${may("search_wider") && html`<${Wider} />`}
  </section>`;
}
