// A reaction: help first, then what was seen, when, and what was done.
import { timeOf } from "../clock.js";
import { html, useState } from "../html.js";
import { EMERGENCIES, reactionActions, reactionKinds } from "../rules/reactions.js";
import { deskNow } from "../state.js";
import { Actions, Button, Choice, Field, Notice, Title, useBusy } from "../ui.js";
import { t } from "../words.js";
import { Who } from "./who.js";

export function React({ row, onBack, onSave }) {
  const [kind, setKind] = useState("");
  const [action, setAction] = useState("");
  const [at, setAt] = useState(() => timeOf(deskNow()));
  const [note, setNote] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, run] = useBusy();

  function save() {
    const beganAt = todayAt(at, row);
    if (!beganAt) return setWrong(t("时间要在接种之后、现在之前。"));
    return run(() => onSave({ kind, action, note: note.trim(), began_at: beganAt.toISOString() }));
  }

  return html`<section class="sheet visit react"><${Title}>${t("登记不良反应")}<//>
    <${Who} row=${row} />
    <${Notice} kind=${EMERGENCIES.includes(kind) ? "error" : "warn"} live>
      <p>${EMERGENCIES.includes(kind) ? t("先抢救：放平，肾上腺素，打 120。登记可以等。") : t("要紧时先救人，再登记。")}</p>
      <p><a class="call" href="tel:120">${t("打急救电话 120")}</a></p><//>
    <${Choice} small label=${t("看到什么")} name="kind" options=${reactionKinds()} value=${kind} onChange=${setKind} />
    <${Field} label=${t("什么时候开始的")} name="at" type="time" value=${at} error=${wrong}
      onInput=${(text) => { setAt(text); setWrong(""); }} />
    <${Choice} small label=${t("怎么处理的")} name="action" options=${reactionActions()} value=${action} onChange=${setAction} />
    <${Field} label=${t("说明（可不填）")} name="note" many maxlength="500" value=${note} onInput=${setNote} />
    <${Actions}>
      <${Button} kind="main" busy=${busy} disabled=${!kind || !action} onClick=${save}>${t("登记这次反应")}<//>
      <${Button} kind="quiet" onClick=${onBack}>${t("返回")}<//>
    <//></section>`;
}

/** That time of today, in the city's clock; null: before the dose, or yet to come. */
function todayAt(time, row) {
  const now = deskNow();
  const minutes = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  if (!/^\d\d:\d\d$/.test(time)) return null;
  const ago = minutes(timeOf(now)) - minutes(time);
  const at = new Date(now.getTime() - ago * 60000);
  // A whole minute of grace, as the field has no seconds.
  return ago < 0 || at.getTime() < Date.parse(row.visit.dose.given_at) - 60000 ? null : at;
}
