// Which document a number is from: the same list wherever somebody is looked up by theirs.
import { html } from "../html.js";
import { t } from "../words.js";

const TYPES = () => [
  ["resident_id", t("居民身份证")],
  ["passport", t("护照")],
  ["hk_macao_permit", t("港澳居民来往内地通行证")],
  ["taiwan_permit", t("台湾居民来往大陆通行证")],
  ["foreign_residence", t("外国人永久居留身份证")],
  ["birth_certificate", t("出生医学证明")],
];

export function DocumentType({ value, onChange }) {
  return html`<div class="field"><label for="document_type">${t("证件类型")}</label>
    <select id="document_type" value=${value} onChange=${(event) => onChange(event.currentTarget.value)}>
      ${TYPES().map(([code, words]) => html`<option key=${code} value=${code}>${words}</option>`)}</select></div>`;
}
