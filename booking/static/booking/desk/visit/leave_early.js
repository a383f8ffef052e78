// Somebody goes before the observation is over: their own decision, and why is written down.
import { html, useState } from "../html.js";
import { isReason } from "../rules/dose.js";
import { Actions, Button, Field, Notice, Title, useBusy } from "../ui.js";
import { t } from "../words.js";
import { Who } from "./who.js";

export function LeaveEarly({ row, left, onBack, onLeave }) {
  const [reason, setReason] = useState("");
  const [busy, run] = useBusy();
  const usual = [t("坚持要走"), t("家有急事"), t("送去医院")];
  return html`<section class="sheet visit leave"><${Title}>${t("提前离开")}<//>
    <${Who} row=${row} />
    <${Notice} kind="warn">${t("还差 %(n)s 分钟。告诉本人：不舒服马上打 120 或回来。", { n: left.minutes + (left.seconds ? 1 : 0) })}<//>
    <div class="usual">${usual.map((words) => html`<${Button} key=${words} aria-pressed=${reason === words}
      onClick=${() => setReason(words)}>${words}<//>`)}</div>
    <${Field} label=${t("为什么提前离开")} name="early" value=${reason} maxlength="120" onInput=${setReason} />
    <${Actions}>
      <${Button} kind="main" busy=${busy} disabled=${!isReason(reason)} onClick=${() => run(() => onLeave(reason.trim()))}>${t("记下并放行")}<//>
      <${Button} kind="quiet" onClick=${onBack}>${t("继续留观")}<//>
    <//></section>`;
}
