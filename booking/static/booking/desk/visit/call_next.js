// Call whoever's turn it is, and open what this station does with them.
import { act } from "../acts.js";
import { ticketOf } from "../check_in/row_words.js";
import { html } from "../html.js";
import { go } from "../router.js";
import { queueOf } from "../rules/calling.js";
import { desk, useDesk } from "../state.js";
import { Button, useBusy } from "../ui.js";
import { t } from "../words.js";

export const SCREEN_OF = { screening: "ask", vaccination: "dose" };

/** Call the next one to this desk and open their screen. Returns whom; null: nobody waits. */
export async function callNext(station) {
  const [next] = queueOf(desk.list, station).waiting;
  if (!next) return null;
  await call(next, station);
  return next;
}

export async function call(row, station) {
  await act("call", row.reference);
  go(SCREEN_OF[station], row.reference);
}

export function CallNext({ station, kind = "main" }) {
  const { list } = useDesk();
  const [busy, run] = useBusy();
  const [next] = queueOf(list, station).waiting;
  if (!next) return html`<${Button} kind=${kind} onClick=${() => go("station")}>${t("没有人在等 · 看队列")}<//>`;
  return html`<${Button} kind=${kind} icon="speak" busy=${busy} onClick=${() => run(() => callNext(station))}>
    ${t("叫下一位：%(who)s", { who: ticketOf(next) || next.name })}<//>`;
}
