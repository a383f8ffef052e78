// Whether the device is ready: can be heard, can see, has the list, opens without the network.
import { Viewfinder } from "../check_in/viewfinder.js";
import { html, useEffect, useState } from "../html.js";
import { signal, trySounds } from "../sound.js";
import { useDesk } from "../state.js";
import { Actions, Button, Icon, Notice, Title } from "../ui.js";
import { t } from "../words.js";

const SOME_SECONDS = 8;

/** What can be tried before the work begins, and need not be. */
export function Trials() {
  const [heard, setHeard] = useState(false);
  const [looks, setLooks] = useState(false);
  const listen = () => {
    setHeard(true);
    trySounds();
  };
  return html`<div class="trials"><${Button} icon="speak" onClick=${listen}>${t("试听四种声音")}<//>
    ${heard && html`<p role="status">${t("依次是：签到成功、时间不对、不能签到、先登记。听不到就调大音量。")}</p>`}
    <${Button} icon="scan" aria-expanded=${looks} onClick=${() => setLooks(!looks)}>${looks ? t("关掉摄像头") : t("试摄像头（可以不试）")}<//>
    ${looks && html`<${Look} />`}</div>`;
}

function Look() {
  const [read, setRead] = useState(false);
  const see = () => {
    if (!read) signal("ok");
    setRead(true);
  };
  return html`<${Viewfinder} onText=${see} />
    <p role="status">${read ? t("摄像头能用，扫到了。") : t("对准任意一个二维码。用扫码枪的不用试。")}</p>`;
}

/** The last look before the first person comes. */
export function Ready({ onGo }) {
  const { list, offlineReady, cannotBeKept } = useDesk();
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setPatient(false), SOME_SECONDS * 1000);
    return () => clearTimeout(timer);
  }, []);
  return html`<section class="sheet narrow"><${Title}>${t("准备好了")}<//>
    <ul class="ready">
      <li><${Icon} name="tick" stroke=${3} />${t("今天的名单已在本机：%(n)s 人", { n: list.length })}</li>
      ${offlineReady && html`<li><${Icon} name="tick" stroke=${3} />${t("断网也能打开、能签到")}</li>`}
      ${!offlineReady && !cannotBeKept && patient && html`<li><${Icon} name="clock" />${t("正在存好本页，断网时用")}</li>`}
    </ul>
    ${!offlineReady && (cannotBeKept || !patient) && html`<${Notice} kind="warn" live>${cannotBeKept
      ? t("这个浏览器没能存下本页：断网时不要刷新，也不要关掉本页。本页开着就能照常办。")
      : t("本页还没存好：断网时不要刷新，也不要关掉本页。")}<//>`}
    <p>${t("建议把本页添加到主屏幕：浏览器就不会清除它的数据。")}</p>
    <${Actions}><${Button} kind="main" onClick=${onGo}>${t("开始办理")}<//><//></section>`;
}
