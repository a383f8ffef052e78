// Which box the dose is from: scanned, typed, or chosen from the open batches of the vaccine.
import { html, useState } from "../html.js";
import { readCode } from "../scanner/codes.js";
import { useScans } from "../scanner/scans.js";
import { batchesOf } from "../rules/batch_codes.js";
import { useDesk } from "../state.js";
import { Button, Field, Icon, Notice } from "../ui.js";
import { t } from "../words.js";
import { vaccineName } from "./who.js";

// The digits of a drug trace code.
const TRACE_CODE = 20;

/** `batch` in the hand or null; `onBatch(batch)` when another one is. */
export function Batch({ row, batch, onBatch }) {
  const { batches, programmes } = useDesk();
  const [changing, setChanging] = useState(false);
  const [typed, setTyped] = useState("");
  const [unknown, setUnknown] = useState("");
  const open = changing || !batch;

  function take(text, code) {
    const found = batchesOf(text, code, batches);
    // Of one number in two vaccines the one that was booked is meant; what it is not is told below.
    const [meant] = found.length > 1 ? found.filter(({ vaccine }) => vaccine === row.vaccine) : found;
    setUnknown(meant ? "" : text);
    if (meant) choose(meant);
  }

  function choose(chosen) {
    setChanging(false);
    setTyped("");
    setUnknown("");
    onBatch(chosen);
  }

  // Anything but a box is for the check-in, as everywhere.
  useScans((code) => {
    if (code.kind === "box") return take(code.gtin, code);
    return code.kind === "foreign" && code.digits.length === TRACE_CODE ? take(code.digits, code) : false;
  });

  return html`<section class="batch" aria-label=${t("批次")}>
    ${batch && html`<div class="batch-now"><${Icon} name="stock" />
      <p><b>${vaccineName(batch.vaccine, programmes)}</b><span>${t("批号 %(number)s", { number: batch.number })}</span>
        <small>${t("有效期到 %(day)s · 还剩 %(left)s 剂", { day: batch.expires_on, left: batch.left })}</small></p>
      <${Button} kind="quiet" aria-expanded=${open} onClick=${() => setChanging(!changing)}>${t("换一批")}<//></div>`}
    ${open && html`<div class="batch-new">
      <form onSubmit=${(event) => { event.preventDefault(); take(typed, readCode(typed)); }}>
        <${Field} label=${t("扫盒上的码，或输批号")} name="batch" value=${typed} onInput=${setTyped} autocomplete="off"
          autocapitalize="characters" spellcheck="false" data-scans="" />
        <${Button} type="submit">${t("就是这批")}<//></form>
      ${unknown && html`<${Notice} kind="error" live>${t("这里没有这个批次：%(code)s。换一盒扫，或先在库存里收这一批。", { code: unknown })}<//>`}
      <${OpenBatches} batches=${batches.filter(({ vaccine, left }) => vaccine === row.vaccine && left > 0)} onBatch=${choose} /></div>`}
  </section>`;
}

function OpenBatches({ batches, onBatch }) {
  if (!batches.length) return html`<p class="hint">${t("这个疫苗没有开着的批次。先在库存里收苗。")}</p>`;
  return html`<ul class="batches">${batches.map((batch) => html`<li key=${batch.number}>
    <button type="button" onClick=${() => onBatch(batch)}><b>${batch.number}</b>
      <span>${t("有效期到 %(day)s · 还剩 %(left)s 剂", { day: batch.expires_on, left: batch.left })}</span></button></li>`)}</ul>`;
}
