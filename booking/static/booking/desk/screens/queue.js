// S10: what still has to be sent, and what a person has to look at. Nothing here is ever dropped by itself.
import { html, useState } from "../html.js";
import { timeOf } from "../clock.js";
import { kindInWords } from "../kinds.js";
import { saveQueue } from "../queue_file.js";
import { rowOf, useDesk } from "../state.js";
import { tryNow } from "../sync.js";
import { Actions, Button, Confirm, Empty, Notice, Title, useBusy } from "../ui.js";
import { t } from "../words.js";
import { Conflicts, useConflicts } from "./conflicts.js";

export function Queue() {
  const { pending, waiting, online, lastTry, problem } = useDesk();
  const { all, look } = useConflicts();
  const [busy, run] = useBusy();
  const [asks, setAsks] = useState(false);
  const state = online ? t("在线") : t("离线：办的都存在本机，联网后自动发送");
  return html`<section class="sheet">
    <${Title} hint=${lastTry ? t("%(state)s · 上次尝试 %(time)s", { state, time: timeOf(lastTry) }) : state}>${t("待传和要处理的")}<//>
    ${problem && html`<${Notice} kind="error" live>${problem}<//>`}
    ${all.length > 0 && html`<${Conflicts} all=${all} onAnswered=${look} />`}
    ${pending > 0 && html`<h2>${t("待传 %(n)s 条", { n: pending })}</h2>
      <ul class="acts">${waiting.map((act) => html`<li key=${act.key}><${What} act=${act} />
        ${act.why && html`<p class="why">${act.why}</p>`}</li>`)}</ul>`}
    ${pending === 0 && all.length === 0 && html`<${Empty} icon="tick" title=${t("都传到服务器了")}>
      <p>${t("没有待传的，也没有要处理的。")}</p><//>`}
    ${pending > 0 && html`<${Actions}>
      <${Button} kind="main" icon="queue" busy=${busy} onClick=${() => run(tryNow)}>${t("现在发送")}<//>
      <${Button} kind="quiet" icon="save" onClick=${() => setAsks(true)}>${t("存成文件")}<//><//>`}
    ${asks && html`<${Confirm} title=${t("存成文件？")} yes=${t("存成文件")} onNo=${() => setAsks(false)}
      onYes=${() => { setAsks(false); saveQueue(); }}>
      <p>${t("只在本机快没电、要送修时用。文件里有预约号、时间和办了什么，没有姓名和健康回答；交给值班长后请删掉。待传的仍留在本机。")}</p><//>`}
  </section>`;
}

function What({ act }) {
  const row = rowOf(act.reference);
  return html`<p><b>${kindInWords(act.kind)}</b> · ${row ? row.name : act.reference}</p>
    <p class="quiet">${timeOf(act.happened_at)} · ${act.by_name}${act.tries > 0 ? ` · ${t("试过 %(n)s 次", { n: act.tries })}` : ""}</p>`;
}
