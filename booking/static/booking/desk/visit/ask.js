// The health questions, read out one by one, and what the doctor decides.
import { act } from "../acts.js";
import { html, useEffect, useRef, useState } from "../html.js";
import { questions } from "../rules/questions.js";
import { isReason } from "../rules/dose.js";
import { deskNow, may, rowOf, useDesk } from "../state.js";
import { dayOf } from "../clock.js";
import { Actions, Button, Confirm, Icon, Notice, Title, useBusy } from "../ui.js";
import { useUnsaved } from "../unsaved.js";
import { t } from "../words.js";
import { Asked } from "./asked.js";
import { Decision, daysOn } from "./decision.js";
import { Gone, whyNot } from "./gone.js";
import { Who } from "./who.js";

// What lies behind the main button has not been seen.
const UNDER_THE_BUTTONS = "0px 0px -160px";

export function Ask({ argument }) {
  useDesk();
  const [again, setAgain] = useState(false);
  const [decided, setDecided] = useState(null);
  const [refused, setRefused] = useState("");
  const row = rowOf(argument);
  const why = whyNot(row, "ask") || (may("answer") ? null : t("问诊由问诊医生或值班长来做。"));
  const done = row?.visit?.decision && row.visit.status !== "arrived" && !again;
  if (why && !done) return html`<${Gone} title=${t("健康状况询问")} row=${row} why=${why} />`;

  async function decide(data) {
    setRefused("");
    setDecided(data);
    const { answered } = await act("answer", argument, data);
    setAgain(false);
    const answer = await answered;
    if (answer.outcome === "refused") setRefused(answer.detail || t("没有记上。请再试一次。"));
  }

  if (done) return html`<${Asked} row=${row} until=${decided?.deferred_until} onAgain=${() => setAgain(true)} />`;
  return html`<${Questions} row=${row} refused=${refused} onDecide=${decide} />`;
}

function Questions({ row, refused, onDecide }) {
  useUnsaved();
  const asked = questions();
  const [said, setSaid] = useState({});
  const [closer, setCloser] = useState(false);
  const [choice, setChoice] = useState({ decision: "", until: "", note: "" });
  const [wrong, setWrong] = useState({});
  const [sure, setSure] = useState(false);
  const [seen, end] = useSeen();
  const [busy, run] = useBusy();
  const yes = asked.filter(({ code }) => said[code] === true).map(({ code }) => code);
  const open = asked.filter(({ code }) => said[code] === undefined).length;
  const doctor = closer || yes.length > 0;
  const decision = doctor ? choice.decision : "may";

  function press() {
    const found = doctor ? faultsOf(choice) : {};
    setWrong(found);
    if (Object.keys(found).length) return;
    if (decision === "may") send();
    else setSure(true);
  }

  const send = () => run(() => onDecide({
    said_yes: yes, decision, deferred_until: decision === "defer" ? choice.until : null, note: doctor ? choice.note.trim() : "",
  }));

  return html`<section class="sheet visit ask"><${Title}>${t("健康状况询问")}<//>
    <${Who} row=${row} />
    ${refused && html`<${Notice} kind="error" live>${refused}<//>`}
    <ol class="questions">${asked.map((question) => html`<${Question} key=${question.code} ...${question}
      said=${said[question.code]} onSay=${(answer) => setSaid({ ...said, [question.code]: answer })} />`)}</ol>
    <div class="none-of-them" ref=${end}>
      <${Button} disabled=${!seen} onClick=${() => setSaid(Object.fromEntries(asked.map(({ code }) => [code, false])))}>
        ${t("都没有")}<//>
    </div>
    ${doctor && html`<${Decision} choice=${choice} wrong=${wrong} onChange=${(facts) => setChoice({ ...choice, ...facts })} />`}
    ${!doctor && html`<div class="closer"><${Button} kind="quiet" onClick=${() => setCloser(true)}>${t("没有“是”，但要暂缓或不接种")}<//></div>`}
    <${Actions}>
      <p class="missing" role="status">${open > 0
        ? t("还有 %(n)s 条没有回答", { n: open })
        : doctor && !decision ? t("请医生决定") : t("请本人或监护人在纸上签字")}</p>
      <${Button} kind="main" busy=${busy} disabled=${open > 0 || !decision} onClick=${press}>${words(decision, choice)}<//>
    <//>
    ${sure && html`<${Confirm} title=${words(decision, choice)} yes=${words(decision, choice)} danger
      onYes=${() => { setSure(false); send(); }} onNo=${() => setSure(false)}>
      <p>${t("%(name)s 今天不打。这个预约会取消，本人可以重新预约。", { name: row.name })}</p><//>`}
  </section>`;
}

function Question({ code, asks, such, said, onSay }) {
  const options = [[false, t("否"), "tick"], [true, t("是"), "warning"]];
  return html`<li class=${said === true ? "question yes" : "question"}><fieldset>
    <legend>${asks}${such && html`<small>${such}</small>`}</legend>
    <div class="yes-no">${options.map(([value, word, icon]) => html`<label key=${word} class=${said === value ? "chosen" : ""}>
      <input type="radio" name=${code} checked=${said === value} onChange=${() => onSay(value)} />
      <span>${said === value && html`<${Icon} name=${icon} size=${20} />`}${word}</span></label>`)}</div>
  </fieldset></li>`;
}

function words(decision, { until }) {
  if (decision === "defer") return until ? t("暂缓到 %(day)s", { day: until }) : t("暂缓");
  return decision === "refuse" ? t("不接种") : t("可以接种");
}

/** What is missing in the doctor's decision, by field. */
function faultsOf({ decision, until, note }) {
  const found = {};
  if (!isReason(note)) found.note = t("写明情况和决定的理由。");
  if (decision === "defer" && (!until || until <= dayOf(deskNow()))) found.until = t("选明天或以后的日期。");
  if (decision === "defer" && until > daysOn(366)) found.until = t("日期太远：最多一年。");
  return found;
}

/** [whether it has been on the screen, ref]: nobody says no to questions that they have not seen. */
function useSeen() {
  const element = useRef(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
    }, { rootMargin: UNDER_THE_BUTTONS });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [seen, element];
}
