// The camera as people see it: large on the scan screen, small below a result so that the next person can come.
import { html, useState } from "../html.js";
import { cameraWords, useCamera } from "../scanner/camera.js";
import { scanned } from "../scanner/scans.js";
import { isMuted, mute } from "../sound.js";
import { Button, Icon, Notice } from "../ui.js";
import { t } from "../words.js";

const fromCamera = (text) => scanned(text, "camera");
let works = false;

/** The camera with its frame, torch and switch, or why it does not run. */
export function Viewfinder({ onText = fromCamera }) {
  const camera = useCamera(onText);
  works = camera.state !== "off";
  const [problem, advice] = camera.state === "off" ? cameraWords(camera.problem) : [];
  return html`<div class=${`viewfinder ${camera.state}`}>
    <video ref=${camera.video} muted playsinline disablepictureinpicture aria-label=${t("摄像头画面")}></video>
    ${camera.state === "on" && html`<span class="aim" aria-hidden="true"></span>`}
    ${camera.state === "starting" && html`<p class="camera-word" role="status">${t("摄像头正在打开")}</p>`}
    ${camera.state === "off" && html`<div class="camera-problem"><${Notice} kind="warn" live><b>${problem}</b><br />${advice}<//>
      <${Button} onClick=${camera.retry}>${t("再试")}<//></div>`}
    <div class="camera-tools">
      <${Sound} />
      ${camera.hasTorch && html`<${Tool} icon="torch" words=${t("手电")} pressed=${camera.torch} onClick=${camera.light} />`}
      ${camera.canSwitch && html`<${Tool} icon="flip" words=${t("换摄像头")} onClick=${camera.next} />`}
    </div></div>`;
}

function Sound() {
  const [muted, setMuted] = useState(isMuted());
  const change = () => {
    mute(!muted);
    setMuted(!muted);
  };
  return html`<${Tool} icon=${muted ? "mute" : "speak"} words=${t("静音")} pressed=${muted} onClick=${change} />`;
}

function Tool({ icon, words, pressed, onClick }) {
  return html`<button type="button" class="tool" aria-pressed=${pressed} onClick=${onClick}><${Icon} name=${icon} />${words}</button>`;
}

/** The strip below a result. */
export function Preview() {
  const camera = useCamera(fromCamera, { on: works });
  return html`<div class="next-scan">
    ${works && camera.state !== "off"
      ? html`<video ref=${camera.video} muted playsinline disablepictureinpicture aria-hidden="true"></video>`
      : html`<${Icon} name="scan" />`}
    <span>${t("直接扫下一位即可")}</span></div>`;
}
