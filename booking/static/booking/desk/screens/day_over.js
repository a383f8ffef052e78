// Another day has begun while the desk was open. Yesterday's list is nobody's list of today: nothing is done from it.
// What waits is sent first; then the shift ends, and a new one begins with the new list.
import { html, useEffect } from "../html.js";
import { leaveShift } from "../session.js";
import { useDesk } from "../state.js";
import { tryNow } from "../sync.js";
import { Actions, Button, Notice, Title, useBusy } from "../ui.js";
import { t } from "../words.js";
import { SCREENS } from "./index.js";

export function DayOver() {
  const { day, online, pending } = useDesk();
  const [busy, run] = useBusy();
  useEffect(() => {
    // Without the network only this device's own clock says so, and nothing is deleted on its word.
    if (online && pending === 0) leaveShift();
  }, [online, pending]);
  return html`<section class="sheet narrow"><${Title} hint=${t("本机上是 %(day)s 的名单，今天不能用。", { day })}>${t("新的一天开始了")}<//>
    ${!online && html`<${Notice} kind="warn" live>${t("网断了。联网后才能取今天的名单。")}<//>`}
    ${pending > 0
      ? html`<p>${t("先把昨天的 %(n)s 条传完，再开始今天的当班。都在本机，不会丢。", { n: pending })}</p>`
      : html`<${Actions}><${Button} kind="main" busy=${busy} onClick=${() => run(tryNow)}>${t("取今天的名单")}<//><//>`}
  </section>
  ${pending > 0 && html`<${SCREENS.queue.screen} />`}`;
}
