// Whether the device is ready: can be heard, can see, has the list, opens without the network.
import { html, useEffect, useState } from "../html.js";
import { trySounds } from "../sound.js";
import { useDesk } from "../state.js";
import { Actions, Button, Icon, Notice, Title } from "../ui.js";
import { t } from "../words.js";

const SOME_SECONDS = 8;

/** Sound and whatever else can be tried before the work begins. */
export function Trials() {
  const [tried, setTried] = useState(false);
  const listen = () => {
    setTried(true);
    trySounds();
  };
  return html`<div class="trials"><${Button} icon="speak" onClick=${listen}>${t("试听四种声音")}<//>
    ${tried && html`<p role="status">${t("依次是：签到成功、时间不对、不能签到、先登记。听不到就调大音量。")}</p>`}</div>`;
}

/** The last look before the first person comes. */
export function Ready({ onGo }) {
  const { list, offlineReady } = useDesk();
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setPatient(false), SOME_SECONDS * 1000);
    return () => clearTimeout(timer);
  }, []);
  return html`<section class="sheet narrow"><${Title}>${t("准备好了")}<//>
    <ul class="ready">
      <li><${Icon} name="tick" stroke=${3} />${t("今天的名单已在本机：%(n)s 人", { n: list.length })}</li>
      ${offlineReady && html`<li><${Icon} name="tick" stroke=${3} />${t("断网也能打开、能签到")}</li>`}
      ${!offlineReady && patient && html`<li><${Icon} name="clock" />${t("正在存好本页，断网时用")}</li>`}
    </ul>
    ${!offlineReady && !patient && html`<${Notice} kind="warn" live>${t("本页还没存好：断网时不要刷新，也不要关掉本页。")}<//>`}
    <p>${t("建议把本页添加到主屏幕：浏览器就不会清除它的数据。")}</p>
    <${Actions}><${Button} kind="main" onClick=${onGo}>${t("开始办理")}<//><//></section>`;
}
