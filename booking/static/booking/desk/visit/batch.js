// Which box the dose is from: scanned, typed, or chosen from the open batches of the vaccine.
import { dayOf } from "../clock.js";
import { html, useState } from "../html.js";
import { readCode } from "../scanner/codes.js";
import { useScans } from "../scanner/scans.js";
import { batchesOf } from "../rules/batch_codes.js";
import { deskNow, useDesk } from "../state.js";
import { Button, Field, Icon, Notice } from "../ui.js";
import { t } from "../words.js";
import { vaccineName } from "./who.js";

// The digits of a drug trace code.
const TRACE_CODE = 20;

/** `batch` in the hand or null; `onBatch(batch)` when another one is. */
export function Batch({ row, batch, onBatch }) {
  const { batches, programmes, online } = useDesk();
  const [changing, setChanging] = useState(false);
  const [typed, setTyped] = useState("");
  const [unknown, setUnknown] = useState("");
  const open = changing || !batch;

  function take(text, code) {
    const found = batchesOf(text, code, batches);
    // Of one number in two vaccines the one that was booked is meant; what it is not is told below.
    const [meant] = found.length > 1 ? found.filter(({ vaccine }) => vaccine === row.vaccine) : found;
    const read = meant || asRead(code, row, online);
    setUnknown(read ? "" : text);
    if (read) choose(read);
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
        <small>${batch.from_code ? t("有效期到 %(day)s · 还没有入库", { day: batch.expires_on }) : aboutBatch(batch)}</small></p>
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

/** Without a network nobody can say that a batch is unknown: what its code says is enough, and is looked at later. */
function asRead(code, row, online) {
  if (online || code.kind !== "box" || !code.batch || !code.expires) return null;
  return {
    number: code.batch, vaccine: row.vaccine, expires_on: code.expires, finished: false, left: 1, pack_code: code.gtin,
    from_code: true,
  };
}

function OpenBatches({ batches, onBatch }) {
  const today = dayOf(deskNow());
  if (!batches.length) return html`<p class="hint">${t("这个疫苗没有开着的批次。先在库存里收苗。")}</p>`;
  return html`<ul class="batches">${batches.map((batch) => html`<li key=${batch.number}>
    <button type="button" onClick=${() => onBatch(batch)}><b>${batch.number}</b>
      <span>${batch.expires_on < today ? t("已过期：%(day)s", { day: batch.expires_on }) : aboutBatch(batch)}</span></button></li>`)}</ul>`;
}

function aboutBatch({ expires_on: day, left }) {
  return t("有效期到 %(day)s · 还剩 %(left)s 剂", { day, left });
}
