// The end of the day: who is still here, what nobody has looked at, and whether the doses come out even.
import { html, useState } from "../html.js";
import { go } from "../router.js";
import { isReason } from "../rules/dose.js";
import { useStock } from "../site_stock.js";
import { useDesk } from "../state.js";
import { timeOf } from "../clock.js";
import { Actions, Button, Confirm, Field, Notice, Title, useBusy } from "../ui.js";
import { useUnsaved } from "../unsaved.js";
import { t } from "../words.js";

export function Close() {
  const { stock, told, send, load } = useStock();
  return html`<section class="sheet">
    <${Title} hint=${stock ? stock.date : ""}>${t("日结")}<//>
    ${told && html`<${Notice} kind="error" live>${told}<//>`}
    ${!stock && told && html`<${Button} onClick=${load}>${t("再试一次")}<//>`}
    ${!stock && !told && html`<p role="status">${t("正在读取…")}</p>`}
    ${stock && (stock.closed ? html`<${Closed} stock=${stock} send=${send} />` : html`<${Count} stock=${stock} send=${send} />`)}
  </section>`;
}

/** What has to be done before: each with the screen where it is done. */
function OpenEnds({ stock }) {
  const { pending } = useDesk();
  const others = Math.max(stock.pending - pending, 0);
  const rows = [
    [stock.present, t("%(n)s 人还没离开", { n: stock.present }), "today"],
    [stock.conflicts, t("%(n)s 条有出入没处理", { n: stock.conflicts }), "queue"],
    [pending, t("这台设备还有 %(n)s 条待传", { n: pending }), "queue"],
    [others, t("别的设备还有 %(n)s 条待传，请它们先联网", { n: others }), null],
  ].filter(([count]) => count > 0);
  if (rows.length === 0) return html`<${Notice} kind="good">${t("人都走了，记录都齐了。")}<//>`;
  return html`<${Notice} kind="warn"><b>${t("先办完这些：")}</b><ul class="ends">
    ${rows.map(([, words, screen]) => html`<li key=${words}>${words}${screen && html` <${Button} kind="quiet" onClick=${() => go(screen)}>${t("去看看")}<//>`}</li>`)}</ul><//>`;
}

function Count({ stock, send }) {
  useUnsaved();
  const [counted, setCounted] = useState({});
  const [explanation, setExplanation] = useState("");
  const [wrong, setWrong] = useState({});
  const [sure, setSure] = useState(false);
  const [busy, run] = useBusy();
  const valid = (batch) => /^[0-9]{1,6}$/.test((counted[batch.id] ?? "").trim());
  const difference = (batch) => (valid(batch) ? Number(counted[batch.id]) - batch.left : 0);
  const differs = stock.batches.some((batch) => difference(batch) !== 0);
  const blocked = stock.present > 0 || stock.conflicts > 0;

  function check() {
    const missing = Object.fromEntries(stock.batches.filter((batch) => !valid(batch)).map((batch) => [batch.id, t("数一数，填实际剩下的剂数。")]));
    const why = differs && !isReason(explanation) ? { why: t("和账上不一样，写明原因，至少 4 个字。") } : {};
    setWrong({ ...missing, ...why });
    if (Object.keys({ ...missing, ...why }).length === 0) setSure(true);
  }

  async function close() {
    setSure(false);
    const rows = stock.batches.map((batch) => ({ batch: batch.id, doses: Number(counted[batch.id]) }));
    await run(() => send("day-close", { counted: rows, explanation: explanation.trim() }));
  }

  return html`<${OpenEnds} stock=${stock} />
    ${stock.batches.map((batch) => html`<div class="count" key=${batch.id}>
      <p class="batch-name"><b>${batch.vaccine_name}</b><span>${t("批号 %(number)s", { number: batch.number })}</span></p>
      <p class="batch-facts">${t("早上 %(opening)s + 收 %(received)s − 用 %(used)s − 废 %(wasted)s − 退 %(returned)s", batch)}${batch.corrected !== 0 && ` ${batch.corrected > 0 ? "+" : "−"} ${t("更正 %(n)s", { n: Math.abs(batch.corrected) })}`} = <b>${batch.left}</b></p>
      <${Field} label=${t("实际剩几剂")} name=${`count-${batch.id}`} inputmode="numeric" autocomplete="off" maxlength="6" value=${counted[batch.id] ?? ""}
        error=${wrong[batch.id]} onInput=${(value) => setCounted((before) => ({ ...before, [batch.id]: value }))} />
      <p class="difference" role="status">${difference(batch) !== 0 && t("和账上差 %(n)s 剂", { n: difference(batch) > 0 ? `+${difference(batch)}` : difference(batch) })}</p></div>`)}
    ${differs && html`<${Field} label=${t("为什么不一样")} name="explanation" value=${explanation} error=${wrong.why} onInput=${setExplanation} many maxlength="300" />`}
    <${Actions}><${Button} kind="main" busy=${busy} disabled=${blocked} onClick=${check}>${t("日结")}<//>
      <${Button} onClick=${() => go("stock")}>${t("库存")}<//><//>
    ${sure && html`<${Confirm} title=${t("今天就到这里？")} yes=${t("日结")} onYes=${close} onNo=${() => setSure(false)}>
      <p>${differs ? t("差额会按您写的原因更正，明天从清点的数开始。") : t("账上和清点的一样。")}</p><//>`}`;
}

function Closed({ stock, send }) {
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState("");
  const [reopening, setReopening] = useState(false);
  const [busy, run] = useBusy();

  async function reopen() {
    const said = isReason(reason);
    setWrong(said ? "" : t("写明原因，至少 4 个字。"));
    if (said) await run(() => send("day-close/reopen", { reason: reason.trim() }));
  }

  return html`<${Notice} kind="good" live>${t("%(time)s 由 %(by)s 日结。", { time: timeOf(stock.closed.at), by: stock.closed.by })}<//>
    ${stock.closed.moved_since > 0 && html`<${Notice} kind="warn">${t("日结后库存又动了 %(n)s 笔，请重新清点。", { n: stock.closed.moved_since })}<//>`}
    <div class="sums"><table><caption>${t("今天的疫苗")}</caption><thead><tr><th>${t("批号")}</th><th>${t("收")}</th><th>${t("用")}</th><th>${t("废")}</th><th>${t("退")}</th><th>${t("剩")}</th></tr></thead>
      <tbody>${stock.batches.map((batch) => html`<tr key=${batch.id}><th scope="row">${batch.number}<small>${batch.vaccine_name}</small></th><td>${batch.received}</td><td>${batch.used}</td><td>${batch.wasted}</td><td>${batch.returned}</td><td>${batch.left}</td></tr>`)}</tbody></table></div>
    ${stock.closed.explanation && html`<p>${t("差额说明：%(words)s", { words: stock.closed.explanation })}</p>`}
    ${reopening && html`<${Field} label=${t("为什么要重开")} name="reason" value=${reason} error=${wrong} onInput=${setReason} maxlength="200" />`}
    <${Actions}><${Button} kind="main" onClick=${() => print()}>${t("打印")}<//>
      ${reopening ? html`<${Button} kind="danger" busy=${busy} onClick=${reopen}>${t("重开日结")}<//>` : html`<${Button} onClick=${() => setReopening(true)}>${t("数错了，重开")}<//>`}<//>`;
}
