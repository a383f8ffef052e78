// Batches at the site: what is left of each, doses that have come, and doses that go otherwise than into an arm.
import { html, useState } from "../html.js";
import { go } from "../router.js";
import { isReason } from "../rules/dose.js";
import { useScans } from "../scanner/scans.js";
import { entryKey, useStock } from "../site_stock.js";
import { may } from "../state.js";
import { Actions, Button, Choice, Empty, Field, Notice, Title, useBusy } from "../ui.js";
import { t } from "../words.js";

export function Stock() {
  const { stock, told, send, load } = useStock();
  const [open, setOpen] = useState(null); // "receive", or the id of the batch that doses are taken out of
  const done = () => setOpen(null);
  if (open === "receive") return html`<${Receive} stock=${stock} told=${told} send=${send} done=${done} />`;
  const batch = stock?.batches.find((one) => one.id === open);
  if (batch) return html`<${TakeOut} batch=${batch} told=${told} send=${send} done=${done} />`;
  return html`<section class="sheet">
    <${Title} hint=${t("收货、报废、退回都在这里登记。")}>${t("库存")}<//>
    ${told && html`<${Notice} kind="error" live>${told}<//><${Button} onClick=${load}>${t("再试一次")}<//>`}
    ${!stock && !told && html`<p role="status">${t("正在读取…")}</p>`}
    ${stock?.batches.length === 0 && html`<${Empty} icon="stock" title=${t("还没有批次")}><p>${t("收到疫苗后，先登记收货。")}</p><//>`}
    <ul class="stocked">${stock?.batches.map((one) => html`<${BatchRow} key=${one.id} batch=${one} send=${send} open=${() => setOpen(one.id)} />`)}</ul>
    ${stock && html`<${Actions}><${Button} kind="main" icon="plus" onClick=${() => setOpen("receive")}>${t("登记收货")}<//>
      ${may("close_day") && html`<${Button} onClick=${() => go("close")}>${t("日结")}<//>`}<//>`}</section>`;
}

function BatchRow({ batch, send, open }) {
  const [busy, run] = useBusy();
  const state = batch.expired ? ["warning", t("已过期，不能用")] : batch.finished ? ["tick", t("已用完")] : batch.left <= 0 ? ["warning", t("账上没有了")] : null;
  return html`<li class=${batch.expired ? "expired" : ""}>
    <p class="batch-name"><b>${batch.vaccine_name}</b><span>${t("批号 %(number)s", { number: batch.number })}</span></p>
    <p class="batch-left"><b>${batch.left}</b> <span>${t("剂")}</span></p>
    <p class="batch-facts">${t("有效期至 %(day)s", { day: batch.expires_on })}${state && html` · <strong>${state[1]}</strong>`}</p>
    <p class="batch-facts">${t("今天：收 %(received)s · 用 %(used)s · 废 %(wasted)s · 退 %(returned)s", batch)}</p>
    <div class="batch-acts">
      ${batch.left > 0 && html`<${Button} onClick=${open}>${t("报废或退回")}<//>`}
      <${Button} kind="quiet" busy=${busy} onClick=${() => run(() => send("stock/finish", { batch: batch.id, finished: !batch.finished }))}>
        ${batch.finished ? t("还有，接着用") : t("这一批用完了")}<//></div></li>`;
}

function Receive({ stock, told, send, done }) {
  const first = stock.vaccines.length === 1 ? stock.vaccines[0].code : "";
  const [form, setForm] = useState({ key: entryKey(), vaccine: first, number: "", expires_on: "", doses: "", pack_code: "" });
  const [wrong, setWrong] = useState({});
  const [busy, run] = useBusy();
  const set = (name) => (value) => setForm((before) => ({ ...before, [name]: value }));

  // The box is scanned instead of typed: its code names batch and expiry.
  useScans((code) => {
    if (code.kind !== "box") return false;
    setForm((before) => ({
      ...before, number: code.batch || before.number, expires_on: code.expires || before.expires_on, pack_code: code.gtin,
    }));
    return true;
  });

  async function save() {
    const found = {
      vaccine: form.vaccine ? "" : t("选一种疫苗。"),
      number: form.number.trim() ? "" : t("填盒上的批号，或扫盒上的码。"),
      expires_on: form.expires_on ? "" : t("填盒上的有效期。"),
      doses: /^[1-9][0-9]{0,5}$/.test(form.doses.trim()) ? "" : t("填收到的剂数，比如 200。"),
    };
    setWrong(found);
    if (Object.values(found).some(Boolean)) return;
    const facts = { ...form, number: form.number.trim(), doses: Number(form.doses), pack_code: form.pack_code.trim() };
    if (await run(() => send("stock/receive", facts))) done();
  }

  return html`<section class="sheet"><${Title} hint=${t("扫盒上的码，批号和有效期会自动填上。")}>${t("登记收货")}<//>
    ${told && html`<${Notice} kind="error" live>${told}<//>`}
    <${Choice} label=${t("疫苗")} name="vaccine" value=${form.vaccine} onChange=${set("vaccine")} error=${wrong.vaccine}
      options=${stock.vaccines.map((one) => [one.code, one.name])} />
    <${Field} label=${t("批号")} name="number" value=${form.number} error=${wrong.number} onInput=${set("number")} autocomplete="off" maxlength="40" />
    <${Field} label=${t("有效期至")} name="expires_on" type="date" value=${form.expires_on} error=${wrong.expires_on} onInput=${set("expires_on")} />
    <${Field} label=${t("收到几剂")} name="doses" inputmode="numeric" value=${form.doses} error=${wrong.doses} onInput=${set("doses")} autocomplete="off" maxlength="6" />
    <${Actions}><${Button} kind="main" busy=${busy} onClick=${save}>${t("入库")}<//>
      <${Button} onClick=${done}>${t("返回")}<//><//></section>`;
}

function TakeOut({ batch, told, send, done }) {
  const [form, setForm] = useState({ key: entryKey(), kind: "wasted", doses: "", reason: "" });
  const [wrong, setWrong] = useState({});
  const [busy, run] = useBusy();
  const set = (name) => (value) => setForm((before) => ({ ...before, [name]: value }));

  async function save() {
    const doses = Number(form.doses);
    const found = {
      doses: /^[1-9][0-9]{0,5}$/.test(form.doses.trim()) && doses <= batch.left ? "" : t("填 1 到 %(left)s 之间的剂数。", { left: batch.left }),
      reason: isReason(form.reason) ? "" : t("写明原因，至少 4 个字。"),
    };
    setWrong(found);
    if (Object.values(found).some(Boolean)) return;
    if (await run(() => send("stock/take-out", { ...form, batch: batch.id, doses, reason: form.reason.trim() }))) done();
  }

  const reasons = [t("开瓶后过时"), t("瓶子破损"), t("冷链中断"), t("过期")];
  return html`<section class="sheet"><${Title} hint=${t("批号 %(number)s，账上 %(left)s 剂", batch)}>${t("报废或退回")}<//>
    ${told && html`<${Notice} kind="error" live>${told}<//>`}
    <${Choice} small label=${t("怎么处理")} name="kind" value=${form.kind} onChange=${set("kind")} options=${[["wasted", t("报废")], ["returned", t("退回")]]} />
    <${Field} label=${t("几剂")} name="doses" inputmode="numeric" value=${form.doses} error=${wrong.doses} onInput=${set("doses")} autocomplete="off" maxlength="6" />
    <${Field} label=${t("原因")} name="reason" value=${form.reason} error=${wrong.reason} onInput=${set("reason")} maxlength="120" />
    <p class="pair">${reasons.map((words) => html`<${Button} key=${words} onClick=${() => set("reason")(words)}>${words}<//>`)}</p>
    <${Actions}><${Button} kind="main" busy=${busy} onClick=${save}>${t("登记这一笔")}<//>
      <${Button} onClick=${done}>${t("返回")}<//><//></section>`;
}
