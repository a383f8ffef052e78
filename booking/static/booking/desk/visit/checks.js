// Three checks and seven matches before a dose: the person says the name, the rest is compared by itself.
import { html } from "../html.js";
import { Icon } from "../ui.js";
import { t } from "../words.js";

export function Checks({ row, batch, found, known, onKnown }) {
  const barred = (...names) => found.some((bar) => names.includes(bar));
  const lines = [
    batch && [!barred("wrong_vaccine"), t("疫苗和预约一致")],
    batch && [!barred("batch_expired", "batch_finished", "batch_empty"), t("批次可以用，有效期到 %(day)s", { day: batch.expires_on })],
    [!barred("not_asked", "deferred"), t("问诊结论：可以接种")],
    row.dose > 1 && [!barred("dose_before_missing"), t("打过前一剂")],
    row.not_before && [!barred("too_early"), t("和上一剂的间隔够")],
  ].filter(Boolean);
  return html`<fieldset class="checks"><legend>${t("三查七对")}</legend>
    <label class=${known ? "spoken chosen" : "spoken"}><input type="checkbox" checked=${known}
      onChange=${(event) => onKnown(event.currentTarget.checked)} />
      <span>${t("本人说出姓名，是 %(name)s", { name: row.name })}</span></label>
    <ul>${lines.map(([fine, words]) => html`<li key=${words} class=${fine ? "fine" : "not"}>
      <${Icon} name=${fine ? "tick" : "cross"} size=${20} stroke=${3} /><span>${words}
        ${!fine && html` <b>${t("不符")}</b>`}</span></li>`)}</ul>
  </fieldset>`;
}
