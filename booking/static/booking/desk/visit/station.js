// The queue of a station: whose turn it is, how long they have waited, and one button that calls them.
import { ticketOf, vaccineOf } from "../check_in/row_words.js";
import { minutesBetween, timeOf } from "../clock.js";
import { html } from "../html.js";
import { addressOf } from "../router.js";
import { queueOf, waitingSince } from "../rules/calling.js";
import { deskInWords } from "../stations.js";
import { deskNow, useDesk } from "../state.js";
import { Actions, Button, Empty, Title, useBusy, useTicking } from "../ui.js";
import { t } from "../words.js";
import { SCREEN_OF, call, callNext } from "./call_next.js";

/** `beside`: it stands next to the screen of somebody who is being served, and calls nobody. */
export function Station({ beside = false }) {
  const { list, shift } = useDesk();
  const station = shift.station === "vaccination" ? "vaccination" : "screening";
  const { waiting, called } = queueOf(list, station);
  const [busy, run] = useBusy();
  useTicking(20);
  const [next] = waiting;
  const title = station === "vaccination" ? t("等接种") : t("等问诊");
  return html`<section class="sheet visit station">
    ${beside ? html`<h2>${title}</h2>` : html`<${Title} hint=${t("%(n)s 人在等", { n: waiting.length })}>${title}<//>`}
    ${called.length > 0 && html`<h2>${t("叫过，还没办")}</h2>
      <ul class="line">${called.map((row) => html`<${InLine} key=${row.reference} row=${row} station=${station}
        small=${t("%(time)s 叫到 %(desk)s", { time: timeOf(row.visit.called_at), desk: deskInWords(row.visit.called_desk) })}>
        <${CallAgain} row=${row} station=${station} /><//>`)}</ul>
      <h2>${t("在等")}</h2>`}
    ${waiting.length === 0 && html`<${Empty} icon="person" title=${t("没有人在等")}><p>${station === "vaccination"
      ? t("问诊说可以接种的人会出现在这里。") : t("签到的人会出现在这里。")}</p><//>`}
    <ol class="line">${waiting.map((row) => html`<${InLine} key=${row.reference} row=${row} station=${station}
      small=${vaccineOf(row)} wait=${minutesBetween(waitingSince(row), deskNow())} />`)}</ol>
    ${next && !beside && html`<${Actions}><${Button} kind="main" icon="speak" busy=${busy} onClick=${() => run(() => callNext(station))}>
      ${t("叫下一位：%(who)s", { who: [ticketOf(next), next.name].filter(Boolean).join(" ") })}<//><//>`}
  </section>`;
}

/** One in the line. Opening them calls nobody: they may stand at the desk already. */
function InLine({ row, station, small, wait = null, children }) {
  return html`<li><a href=${addressOf(SCREEN_OF[station], row.reference)}>
    <span class="ticket">${ticketOf(row) || "–"}</span>
    <span class="line-who"><b>${row.name}</b><small>${small}</small></span>
    ${wait !== null && html`<span class="line-wait">${t("等了 %(n)s 分", { n: Math.max(0, wait) })}</span>`}</a>${children}</li>`;
}

function CallAgain({ row, station }) {
  const [busy, run] = useBusy();
  return html`<${Button} busy=${busy} aria-label=${t("再叫：%(name)s", { name: row.name })}
    onClick=${() => run(() => call(row, station))}>${t("再叫")}<//>`;
}
