// Who it is: a document, and what it does not tell by itself.
import { DocumentType } from "../check_in/document_type.js";
import { html } from "../html.js";
import { Actions, Button, Choice, Field } from "../ui.js";
import { t } from "../words.js";

export const EMPTY = { document_type: "resident_id", document_number: "", name: "", birth_date: null, sex: null, phone: "" };

// Birth date and sex are in the number of these.
const tellsAll = ({ document_type, document_number }) =>
  document_type === "resident_id" || (document_type === "foreign_residence" && document_number.trim().startsWith("9"));

export function PersonForm({ person, errors, busy, onChange, onErrors, onDone }) {
  const set = (name) => (value) => {
    onChange({ ...person, [name]: value });
    onErrors({ ...errors, [name]: "" });
  };
  const submit = (event) => {
    event.preventDefault();
    const missing = {};
    if (!person.document_number.trim()) missing.document_number = t("请输入证件号");
    if (!person.name.trim()) missing.name = t("请填写姓名。");
    if (!tellsAll(person)) {
      if (!person.birth_date) missing.birth_date = t("请填写出生日期。");
      if (!person.sex) missing.sex = t("请选择性别。");
    }
    onErrors(missing);
    if (Object.keys(missing).length === 0) onDone();
  };
  return html`<form class="walk-in-form" onSubmit=${submit} novalidate autocomplete="off">
    <${DocumentType} value=${person.document_type} onChange=${set("document_type")} />
    <${Field} name="document_number" label=${t("证件号")} hint=${t("可用读卡器或扫码枪输入")} value=${person.document_number}
      onInput=${set("document_number")} error=${errors.document_number} maxlength="40" spellcheck="false" autocapitalize="characters" />
    <${Field} name="name" label=${t("姓名")} value=${person.name} onInput=${set("name")} error=${errors.name} maxlength="80" />
    ${!tellsAll(person) && html`
      <${Field} name="birth_date" label=${t("出生日期")} type="date" value=${person.birth_date ?? ""} error=${errors.birth_date}
        onInput=${(value) => set("birth_date")(value || null)} />
      <${Choice} small label=${t("性别")} name="sex" options=${[["F", t("女")], ["M", t("男")]]} value=${person.sex} onChange=${set("sex")}
        error=${errors.sex} />`}
    <${Field} name="phone" label=${t("手机号（可不填）")} type="tel" value=${person.phone} onInput=${set("phone")} error=${errors.phone} maxlength="30" />
    <${Actions}><${Button} kind="main" type="submit" busy=${busy}>${t("看今天能不能打")}<//><//>
  </form>`;
}
