// What is asked before a check-in is taken back for a reason, and how a supervisor is brought in.
import { html, useState } from "../html.js";
import { inFours } from "../scanner/codes.js";
import { desk } from "../state.js";
import { deskInWords } from "../stations.js";
import { Confirm, Field } from "../ui.js";
import { t } from "../words.js";

/** Somebody else stands at the desk: the check-in goes back, with a note of why. */
export function NotThisPerson({ onUndo, onClose }) {
  const [note, setNote] = useState("");
  return html`<${Confirm} title=${t("站在面前的不是这个人？")} danger yes=${t("撤销签到")}
      onYes=${() => onUndo(note.trim() ? `${NOT_THEM}: ${note.trim()}` : NOT_THEM)} onNo=${onClose}>
    <p>${t("签到会撤销，预约还在，本人来了可以再签到。")}</p>
    <${Field} name="why" label=${t("说明（可不填）")} hint=${t("例如：家人拿错了码。不要写证件号和病情")}
      value=${note} onInput=${setNote} maxlength="100" autocomplete="off" />
  <//>`;
}

const NOT_THEM = "other_person";

/** What the supervisor needs to find this appointment at their own device. */
export function Supervisor({ reference, onClose }) {
  return html`<${Confirm} title=${t("请值班长来处理")} yes=${t("知道了")} no=${t("返回")} onYes=${onClose} onNo=${onClose}>
    <p>${t("请值班长到 %(desk)s，或者把预约号告诉值班长：", { desk: deskInWords(desk.shift.desk) })}</p>
    ${reference && html`<p class="number large">${inFours(reference)}</p>`}
    <p class="note">${t("更正签到、恢复和补记由值班长用自己的账号办。")}</p>
  <//>`;
}
