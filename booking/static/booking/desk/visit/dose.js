// A dose is given: who, from which box, where; and what stands in the way of it.
import { act } from "../acts.js";
import { dayOf } from "../clock.js";
import { html, useState } from "../html.js";
import { bars, stillBarred } from "../rules/dose.js";
import { deskNow, may, rowOf, useDesk } from "../state.js";
import { Actions, Button, Notice, Title, useBusy } from "../ui.js";
import { useUnsaved } from "../unsaved.js";
import { t } from "../words.js";
import { Bars } from "./bars.js";
import { Batch } from "./batch.js";
import { chooseBatch, chosenBatch } from "./batch_choice.js";
import { BodySite, Route, usualWhere } from "./body.js";
import { callNext } from "./call_next.js";
import { Checks } from "./checks.js";
import { Given, Saved, remember } from "./given.js";
import { Gone, whyNot } from "./gone.js";
import { Who } from "./who.js";

export function Dose({ argument }) {
  useDesk();
  const [saving, setSaving] = useState(false);
  const [refused, setRefused] = useState("");
  const row = rowOf(argument);
  if (row?.visit?.dose && !saving) return html`<${Given} row=${row} />`;
  const why = whyNot(row, "dose") || (may("vaccinate") ? null : t("接种由接种人员或值班长来做。"));
  if (why) return html`<${Gone} title=${t("接种")} row=${row} why=${why} />`;

  async function save(data) {
    setSaving(true);
    setRefused("");
    const { local, answered } = await act("vaccinate", argument, data);
    // The next one is called when this dose stands: without a network that is at once.
    const answer = await answered;
    if (answer.outcome === "refused") {
      setRefused(answer.detail || t("没有记上。请再试一次。"));
    } else {
      remember(local);
      await callNext("vaccination");
    }
    setSaving(false);
  }

  return html`<${Giving} row=${row} saving=${saving} refused=${refused} onSave=${save} />`;
}

function Giving({ row, saving, refused, onSave }) {
  useUnsaved();
  const { batches, shift } = useDesk();
  const [inHand, setInHand] = useState(() => chosenBatch(row.vaccine, batches));
  const [known, setKnown] = useState(false);
  const [where, setWhere] = useState(usualWhere);
  const [lifting, setLifting] = useState({ bars: [], reason: "" });
  const [busy, run] = useBusy();
  // As the list says it is now: a colleague may have finished it meanwhile.
  const batch = inHand && (batches.find((one) => one.number === inHand.number && one.vaccine === inHand.vaccine) || inHand);
  const found = bars({
    on: dayOf(deskNow()), vaccine: row.vaccine, batch,
    dose: row.dose, doses_received: row.doses_received, not_before: row.not_before,
    decision: row.visit.decision?.toUpperCase(), given: false,
  }).filter((bar) => batch || bar !== "unknown_batch");
  const stay = stillBarred(found, { lift: lifting.bars, reason: lifting.reason, doctor: may("lift_bar") });
  const missing = [!batch && t("批次"), !known && t("本人核对"), stay.length > 0 && t("限制没有放行")].filter(Boolean);

  function take(chosen) {
    if (!chosen.from_code) chooseBatch(chosen);
    setInHand(chosen);
  }

  function save() {
    const lift = found.filter((bar) => lifting.bars.includes(bar));
    const seen = batch.from_code ? { expires_on: batch.expires_on, pack_code: batch.pack_code } : {};
    const data = { batch: batch.number, ...seen, ...where, lift, lift_reason: lift.length ? lifting.reason.trim() : "" };
    return run(() => onSave(data));
  }

  return html`<section class="sheet visit dose"><${Title}>${t("接种")}<//>
    <${Saved} />
    <${Batch} row=${row} batch=${batch} onBatch=${take} />
    <${Who} row=${row} />
    ${refused && html`<${Notice} kind="error" live>${refused}<//>`}
    <${Bars} row=${row} batch=${batch} found=${found} lifting=${lifting} onLift=${setLifting} />
    <${Checks} row=${row} batch=${batch} found=${found} known=${known} onKnown=${setKnown} />
    <${BodySite} where=${where} onWhere=${setWhere} />
    <${Route} where=${where} onWhere=${setWhere} />
    <p class="by">${t("接种人员：%(name)s（您）", { name: shift.user.name })}</p>
    <${Actions}>
      <p class="missing" role="status">${missing.length > 0 && t("还差：%(what)s", { what: missing.join(t("、")) })}</p>
      <${Button} kind="main" busy=${busy || saving} disabled=${missing.length > 0} onClick=${save}>${t("保存并叫下一位")}<//>
    <//></section>`;
}
