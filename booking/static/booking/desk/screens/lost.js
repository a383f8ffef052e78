// What a device that lost its storage says: how many, since when, and what to do.
import { html } from "../html.js";
import { change, useDesk } from "../state.js";
import { Button, Notice } from "../ui.js";
import { t } from "../words.js";

/** `closes`: it can be put away, by whoever has read it. */
export function Lost({ closes = false }) {
  const { lost } = useDesk();
  if (!lost) return null;
  const { time, pending } = lost;
  return html`<${Notice} kind=${pending > 0 ? "error" : "warn"} live>
    <p><b>${t("浏览器清除了本机的数据")}</b></p>
    ${pending > 0
      ? html`<p>${t("最后一次记录是 %(time)s，那时有 %(n)s 条还没传到服务器。请对照纸质登记补录这 %(n)s 条，并告诉值班长。", { time, n: pending })}</p>`
      : html`<p>${t("最后一次记录是 %(time)s，那时都已传到服务器，没有丢。名单会重新下载。", { time })}</p>`}
    ${closes && html`<${Button} onClick=${() => change({ lost: null })}>${t("知道了")}<//>`}<//>`;
}
