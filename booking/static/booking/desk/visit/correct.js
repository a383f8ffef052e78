// A supervisor puts right what was written down wrongly: what, why, and a look at both before it is done.
import { act } from "../acts.js";
import { dayOf } from "../clock.js";
import { html, useState } from "../html.js";
import { go } from "../router.js";
import { isReason } from "../rules/dose.js";
import { may, rowOf, useDesk } from "../state.js";
import { Steps } from "../screens/person.js";
import { Actions, Button, Choice, Empty, Field, Notice, Title, useBusy } from "../ui.js";
import { useUnsaved } from "../unsaved.js";
import { t } from "../words.js";
import { BodySite, Route } from "./body.js";
import { correctable, correctionData, differences } from "./corrections.js";
import { Gone, whyNot } from "./gone.js";
import { Who } from "./who.js";

export function Correct({ argument }) {
  useDesk();
  const [told, setTold] = useState(null);
  const row = rowOf(argument);
  const why = whyNot(row, "correct") || (may("correct") ? null : t("更正由值班长来做。"));
  if (told) return html`<${Told} row=${row} reference=${argument} told=${told} onBack=${() => setTold(null)} />`;
  if (why) return html`<${Gone} title=${t("更正")} row=${row} why=${why} />`;

  async function correct(data) {
    const { answered } = await act("correct", argument, data);
    const answer = await answered;
    const refused = answer.outcome === "refused";
    const words = refused ? answer.detail || t("没有更正。请再试一次。") : t("已更正。原来的记录还在，写明了谁改的、为什么。");
    setTold({ refused, words, later: answer.facts?.later_booked?.[0] });
  }
  return html`<${Correcting} row=${row} onCorrect=${correct} />`;
}

function Correcting({ row, onCorrect }) {
  useUnsaved();
  const { batches } = useDesk();
  const { dose } = row.visit;
  const options = correctable(row);
  const [code, setCode] = useState("");
  const [facts, setFacts] = useState(() => dose && { batch: dose.batch, body_site: dose.body_site, route: dose.route });
  const [reason, setReason] = useState("");
  const [looking, setLooking] = useState(false);
  const [busy, run] = useBusy();
  const found = code ? differences(code, row, facts) : [];
  const ready = found.length > 0 && isReason(reason);

  if (looking) {
    return html`<section class="sheet visit correct"><${Title}>${t("核对更正")}<//>
      <${Who} row=${row} />
      <table class="differences"><thead><tr><td></td><th scope="col">${t("现在")}</th><th scope="col">${t("更正后")}</th></tr></thead>
        <tbody>${found.map(([label, before, after]) => html`<tr key=${label}><th scope="row">${label}</th>
          <td><del>${before}</del></td><td><ins>${after}</ins></td></tr>`)}</tbody></table>
      <p><b>${t("原因")}</b> ${reason}</p>
      <${Actions}>
        <${Button} kind="main" busy=${busy} onClick=${() => run(() => onCorrect({ ...correctionData(code, row, facts), reason: reason.trim() }))}>
          ${t("确认更正")}<//>
        <${Button} kind="quiet" onClick=${() => setLooking(false)}>${t("返回")}<//>
      <//></section>`;
  }
  return html`<section class="sheet visit correct"><${Title}>${t("更正")}<//>
    <${Who} row=${row} />
    <h2>${t("这次做过的事")}</h2><${Steps} row=${row} />
    ${options.length === 0 && html`<${Empty} title=${t("没有可以更正的")} />`}
    ${options.length > 0 && html`<${Choice} label=${t("哪里记错了")} name="what" options=${options} value=${code} onChange=${setCode} />`}
    ${code === "dose_wrong" && html`<div class="right-dose">
      <${Batches} row=${row} batches=${batches} value=${facts.batch} onBatch=${(batch) => setFacts({ ...facts, batch })} />
      <${BodySite} where=${facts} onWhere=${(where) => setFacts({ ...facts, ...where })} />
      <${Route} where=${facts} onWhere=${(where) => setFacts({ ...facts, ...where })} /></div>`}
    ${code && html`<${Field} label=${t("为什么更正")} hint=${t("至少 4 个字，会留在审计里。")} name="reason" value=${reason} maxlength="200"
      onInput=${setReason} />`}
    <${Actions}><p class="missing" role="status">${missing(code, found, reason)}</p>
      <${Button} kind="main" disabled=${!ready} onClick=${() => setLooking(true)}>${t("下一步：核对")}<//><//>
  </section>`;
}

function missing(code, found, reason) {
  if (!code) return t("先选哪里记错了");
  if (!found.length) return t("改成对的，再继续");
  return isReason(reason) ? "" : t("写明原因");
}

function Batches({ row, batches, value, onBatch }) {
  const numbers = [value, ...batches.filter(({ vaccine }) => vaccine === row.vaccine).map(({ number }) => number)];
  const options = [...new Set([row.visit.dose.batch, ...numbers])].map((number) => [number, number]);
  return html`<${Choice} small label=${t("打的是哪一批")} name="batch" options=${options} value=${value} onChange=${onBatch} />`;
}

function Told({ row, reference, told, onBack }) {
  return html`<section class="sheet visit correct"><${Title}>${t("更正")}<//>
    ${row && html`<${Who} row=${row} />`}
    <${Notice} kind=${told.refused ? "error" : "good"} live>${told.words}<//>
    ${told.later && html`<${Notice} kind="warn" live>${t("第 %(dose)s 剂还约在 %(day)s。今天不打的话，请和本人说好改期或取消。", {
      dose: told.later.dose, day: dayOf(told.later.starts_at) })}<//>`}
    ${row?.visit && html`<${Steps} row=${row} />`}
    <${Actions}>
      ${told.refused && html`<${Button} kind="main" onClick=${onBack}>${t("改一改再试")}<//>`}
      <${Button} kind=${told.refused ? "second" : "main"} onClick=${() => go("person", reference)}>${t("看这个人")}<//>
    <//></section>`;
}
