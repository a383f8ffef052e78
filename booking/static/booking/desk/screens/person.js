// One person of today: what was done for them and what comes next.
import { html, useState } from "../html.js";
import { act } from "../acts.js";
import { checkInRow } from "../check_in/flow.js";
import { stateOf, ticketOf } from "../check_in/row_words.js";
import { timeOf } from "../clock.js";
import { addressOf, go } from "../router.js";
import { inFours } from "../scanner/codes.js";
import { deskNow, may, useDesk } from "../state.js";
import { deskInWords } from "../stations.js";
import { Actions, Button, Empty, Icon, Notice, Title, useBusy, useTicking } from "../ui.js";
import { t } from "../words.js";
import { Who } from "./result.js";

export function OnePerson({ argument }) {
  const { rows, settings, waiting, conflicts } = useDesk();
  useTicking(30);
  const row = rows.get(argument);
  if (!row) {
    return html`<section class="sheet"><${Title}>${t("没有找到")}<//>
      <${Empty} icon="search" title=${t("今天的名单里没有这个人")}><p>${t("可能改了时间，或者取消了。")}</p><//>
      <${Actions}><${Button} kind="main" onClick=${() => go("find")}>${t("手工查找")}<//><//></section>`;
  }
  const { code, icon, word } = stateOf(row, settings);
  const unsent = waiting.some((one) => one.reference === row.reference);
  const conflict = conflicts.some(({ act: one }) => one.reference === row.reference);
  return html`<section class="sheet person">
    <h1 class="unseen" tabindex="-1">${row.name}</h1>
    <p class=${`state large ${code}`}><${Icon} name=${icon} />${word}${ticketOf(row) && ` · ${t("%(ticket)s 号", { ticket: ticketOf(row) })}`}</p>
    <${Who} row=${row} at=${deskNow()} />
    <p class="number note">${t("预约号")} ${inFours(row.reference)}</p>
    ${unsent && html`<${Notice} kind="info">${t("有没传上去的记录，联网后自动传。")}<//>`}
    ${conflict && html`<${Notice} kind="error">${t("和别处的记录有出入，请值班长处理。")} <a href="#/queue">${t("去处理")}</a><//>`}
    <${Steps} row=${row} />
    ${may("outside_dose") && html`<p><a class="outside-link" href=${addressOf("outside", row.reference)}>${t("外地接种记录")}</a></p>`}
    <${Next} row=${row} code=${code} />
  </section>`;
}

export function Steps({ row }) {
  const steps = stepsOf(row);
  if (steps.length === 0) return null;
  return html`<ol class="steps" aria-label=${t("做过的事")}>
    ${steps.map(([at, what, more], number) => html`<li key=${number}><time>${timeOf(at)}</time><span><b>${what}</b>${more && html` <small>${more}</small>`}</span></li>`)}</ol>`;
}

function stepsOf({ visit }) {
  if (!visit) return [];
  const { dose, reactions = [] } = visit;
  const decided = { may: t("问诊：可以接种"), defer: t("问诊：暂缓接种"), refuse: t("问诊：不接种") }[visit.decision];
  return [
    [visit.arrived_at, t("签到"), deskInWords(visit.desk)],
    visit.called_at && [visit.called_at, t("叫号"), deskInWords(visit.called_desk)],
    decided && [visit.decided_at, decided, ""],
    dose && [dose.given_at, t("接种"), [t("批号 %(batch)s", { batch: dose.batch }), dose.given_by_name].filter(Boolean).join(" · ")],
    ...reactions.map((one) => [one.began_at, t("登记了反应"), ""]),
    visit.left_at && [visit.left_at, visit.left_early ? t("提前离开") : t("离开"), ""],
  ].filter(Boolean);
}

function Next({ row, code }) {
  const [busy, run] = useBusy();
  const [problem, setProblem] = useState("");
  const open = (name) => () => go(name, row.reference);
  const call = () =>
    run(async () => {
      const { answered } = await act("call", row.reference, {});
      const answer = await answered;
      setProblem(answer.outcome === "refused" ? answer.detail : "");
    });
  const work = { open, call, checkIn: () => run(() => checkInRow(row, "list")) };
  const [main, ...others] = stepsFrom(row, code, work).filter(Boolean);
  return html`<${Actions}>
    ${problem && html`<${Notice} kind="error" live>${problem}<//>`}
    ${main && html`<${Button} kind="main" busy=${busy} onClick=${main[1]}>${main[0]}<//>`}
    ${others.length > 0 && html`<div class="pair">${others.map(([label, onClick]) => html`<${Button} key=${label} disabled=${busy} onClick=${onClick}>${label}<//>`)}</div>`}
  <//>`;
}

// By how far somebody is, and by what one may do here; the first is the main one.
function stepsFrom(row, code, { open, call, checkIn }) {
  const correct = row.visit && may("correct") && [t("更正"), open("correct")];
  const record = row.visit?.dose && [t("看接种记录"), open("record")];
  const called = [row.visit?.called_at ? t("再叫一次") : t("叫号"), call];
  const back = [t("回到名单"), () => go("today")];
  switch (code) {
    case "due":
    case "late":
    case "no_show":
      return [may("check_in") && [code === "no_show" ? t("恢复预约，签到") : t("签到"), checkIn], back];
    case "arrived":
      return [may("answer") && [t("问健康状况"), open("ask")], called, correct, back];
    case "triaged":
      return [may("vaccinate") && [t("去接种"), open("dose")], called, correct, back];
    case "observed":
      return [may("leave") && [t("去留观"), () => go("observe")], record, correct, back];
    case "cancelled":
      return [may("walk_in") && [t("看看现场有没有号"), () => go("walk-in")], back];
    default:
      return [record, correct, back];
  }
}
