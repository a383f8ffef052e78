// The doses that are entered: the newest can be taken back for a minute, the others are voided by a supervisor.
import { html, useState } from "../html.js";
import { dayOf } from "../clock.js";
import { call, whyNot } from "../net.js";
import { isReason } from "../rules/dose.js";
import { deskNow, may } from "../state.js";
import { Button, Field, Notice, useBusy, useTicking } from "../ui.js";
import { named, t } from "../words.js";

const UNDO_SECONDS = 60;

export function Known({ doses, newest, site, onGone }) {
  const [told, setTold] = useState("");
  useTicking(5);
  const gone = (id, words) => {
    setTold(words);
    onGone(id);
  };
  return html`${told && html`<${Notice} kind="good" live>${told}<//>`}
    <ul class="outside-doses">${doses.map((dose) => html`<${OneDose} key=${dose.id} dose=${dose} site=${site}
      isNew=${dose.id === newest && secondsSince(dose.entered_at) < UNDO_SECONDS} onGone=${(words) => gone(dose.id, words)} />`)}</ul>`;
}

function OneDose({ dose, site, isNew, onGone }) {
  const [voiding, setVoiding] = useState(false);
  const [reason, setReason] = useState("");
  const [why, setWhy] = useState("");
  const [busy, run] = useBusy();
  const ask = (path, body, words) => run(async () => {
    try {
      const answer = await call("POST", `outside-doses/${dose.id}/${path}`, { site, ...body });
      onGone(words(answer));
    } catch (error) {
      setWhy(whyNot(error));
    }
  });
  const takeBack = () => ask("take-back", {}, () => t("已撤回，就当没有录过。"));
  const voidIt = (event) => {
    event.preventDefault();
    if (!isReason(reason)) return setWhy(t("请写明原因，至少 4 个字。"));
    return ask("void", { reason: reason.trim() }, afterVoiding);
  };
  return html`<li>
    <p><b>${named(dose, "programme_name")} · ${t("第 %(dose)s 剂", { dose: dose.dose })}</b> <span>${dose.given_on}</span></p>
    <p class="note">${[named(dose, "vaccine_name"), dose.where, dose.batch && t("批号 %(batch)s", { batch: dose.batch }), dose.evidence].filter(Boolean).join(" · ")}</p>
    ${isNew && html`<${Notice} kind="good" live>${t("已录入，现在就算数。")} <${Button} kind="quiet" busy=${busy} onClick=${takeBack}>${t("录错了，撤回")}<//><//>`}
    ${why && html`<${Notice} kind="error" live>${why}<//>`}
    ${!isNew && may("void_outside_dose") && !voiding && html`<${Button} kind="quiet" onClick=${() => setVoiding(true)}>${t("作废这一条")}<//>`}
    ${voiding && html`<form onSubmit=${voidIt} novalidate>
      <${Field} name=${`why-${dose.id}`} label=${t("为什么作废")} hint=${t("记录还在，写明谁作废的、为什么；不再算数")} value=${reason} onInput=${setReason} maxlength="200" />
      <div class="pair"><${Button} kind="danger" type="submit" busy=${busy}>${t("确认作废")}<//>
        <${Button} onClick=${() => setVoiding(false)}>${t("返回")}<//></div></form>`}
  </li>`;
}

const secondsSince = (moment) => (deskNow() - Date.parse(moment)) / 1000;

/** What is booked after it stays booked: somebody has to know. */
function afterVoiding({ later_booked: later }) {
  if (later.length === 0) return t("已作废，不再算数。");
  const { dose, starts_at } = later[0];
  return t("已作废，不再算数。第 %(dose)s 剂还约在 %(day)s，请和本人说好改期或取消。", { dose, day: dayOf(starts_at) });
}
