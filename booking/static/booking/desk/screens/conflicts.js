// What contradicts what happened meanwhile. A supervisor sees all of the site and says what it was; others see their
// own device's, and tell the supervisor.
import { html, useEffect, useState } from "../html.js";
import { timeOf } from "../clock.js";
import { kindInWords } from "../kinds.js";
import { atSite, call, Problem, whyNot } from "../net.js";
import { go } from "../router.js";
import { change, desk, may, rowOf, useDesk } from "../state.js";
import { deskInWords } from "../stations.js";
import { allConflicts, dropConflict } from "../store.js";
import { Button, Choice, Confirm, Field, Notice, useBusy } from "../ui.js";
import { t } from "../words.js";
import { Sealed } from "./sealed.js";

const own = ({ key, act, answer }) => ({
  key, kind: act.kind, reference: act.reference, happened_at: act.happened_at, desk: act.desk, by: act.by_name,
  detail: answer.detail,
});

/** All that there is to look at: of this device, and for a supervisor of the whole site. */
export function useConflicts() {
  const { conflicts, online } = useDesk();
  const [others, setOthers] = useState([]);
  const look = async () => {
    if (!may("answer_conflict")) return;
    try {
      setOthers((await call("GET", atSite("conflicts", desk.shift.site.code))).results);
    } catch {
      // This device's own are there without the network.
    }
  };
  useEffect(() => void look(), [online, conflicts.length]);
  const told = new Set(others.map(({ key }) => key));
  return { all: [...others, ...conflicts.filter(({ key }) => !told.has(key)).map(own)], look };
}

export function Conflicts({ all, onAnswered }) {
  const [chosen, setChosen] = useState(null);
  // More of it may be known by now than when it was opened.
  const open = all.find(({ key }) => key === chosen);
  const close = () => setChosen(null);
  const answered = async () => {
    await forget(chosen);
    close();
    onAnswered();
  };
  return html`<h2>${t("要处理 %(n)s 条", { n: all.length })}</h2>
    <ul class="acts">${all.map((one) => html`<li key=${one.key}>
      <p><b>${kindInWords(one.kind)}</b> · ${nameOf(one)}</p>
      <p class="quiet">${timeOf(one.happened_at)} · ${deskInWords(one.desk)} · ${one.by}</p>
      <p class="why">${one.detail || t("和服务器上的记录有出入。")}</p>
      <div class="pair">
        ${rowOf(one.reference) && html`<${Button} onClick=${() => go("person", one.reference)}>${t("看这个人")}<//>`}
        <${Button} onClick=${() => setChosen(one.key)}>${t("处理这条")}<//></div></li>`)}</ul>
    ${open && (may("answer_conflict")
      ? html`<${Answer} conflict=${open} onDone=${answered} onNo=${close} />`
      : html`<${Confirm} title=${t("告诉值班长了吗？")} yes=${t("已告诉值班长")} onYes=${answered} onNo=${close}>
          <p>${t("值班长在自己的屏幕上也看得到这一条，由值班长处理。")}</p><//>`)}`;
}

const nameOf = ({ reference }) => rowOf(reference)?.name || reference || t("没有预约号");

async function forget(key) {
  await dropConflict(key);
  change({ conflicts: await allConflicts() });
}

const decisions = () => [
  ["seen", t("核对过，没有问题")],
  ["revived", t("已恢复预约")],
  ["recorded_elsewhere", t("已另外登记")],
  ["mistake", t("办错了，已告诉本人")],
];

function Answer({ conflict, onDone, onNo }) {
  const [decision, setDecision] = useState("");
  const [note, setNote] = useState("");
  const [why, setWhy] = useState("");
  const [busy, run] = useBusy();
  const save = () => {
    if (!decision) return setWhy(t("请选择是怎么处理的。"));
    return run(async () => {
      try {
        await call("POST", "conflicts", { site: desk.shift.site.code, key: conflict.key, decision, note });
      } catch (error) {
        // The server has it no longer, so there is nothing left to say about it.
        if (!(error instanceof Problem && error.status === 404)) return setWhy(whyNot(error));
      }
      return onDone();
    });
  };
  return html`<${Confirm} title=${`${kindInWords(conflict.kind)} · ${nameOf(conflict)}`} yes=${t("记下处理")} busy=${busy} onYes=${save} onNo=${onNo}>
    <p>${conflict.detail}</p>
    ${conflict.sealed && html`<${Sealed} conflict=${conflict} />`}
    ${why && html`<${Notice} kind="error" live>${why}<//>`}
    <${Choice} label=${t("怎么处理的")} name="decision" options=${decisions()} value=${decision} onChange=${setDecision} />
    <${Field} label=${t("说明（可不填）")} hint=${t("不要写姓名、证件号和病情。")} name="conflict-note" value=${note} onInput=${setNote} maxlength="200" />
  <//>`;
}
