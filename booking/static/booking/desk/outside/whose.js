// Somebody without an appointment here: found by the document they show, which leaves a trace.
import { DocumentType } from "../check_in/document_type.js";
import { html, useState } from "../html.js";
import { isReason } from "../rules/dose.js";
import { Actions, Button, Field } from "../ui.js";
import { t } from "../words.js";

export function ByDocument({ busy, onFind }) {
  const [type, setType] = useState("resident_id");
  const [number, setNumber] = useState("");
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState({});
  const submit = (event) => {
    event.preventDefault();
    const found = {};
    if (number.trim().length < 4) found.number = t("请输入证件号");
    if (!isReason(reason)) found.reason = t("请写明为什么查，至少四个字");
    setWrong(found);
    if (Object.keys(found).length === 0) onFind({ document_type: type, document_number: number.trim(), reason: reason.trim() });
  };
  return html`<form onSubmit=${submit} class="by-number" novalidate autocomplete="off">
    <${DocumentType} value=${type} onChange=${setType} />
    <${Field} name="document" label=${t("证件号")} hint=${t("可用读卡器或扫码枪输入")} value=${number} onInput=${setNumber}
      error=${wrong.number} maxlength="40" spellcheck="false" />
    <${Field} name="reason" label=${t("为什么查")} hint=${t("例如：本人在场，带了外地接种证")} value=${reason}
      onInput=${setReason} error=${wrong.reason} maxlength="100" />
    <${Actions}><${Button} kind="main" type="submit" busy=${busy}>${t("查这个人")}<//><//>
  </form>`;
}
