// A same-day ticket: shown to the person, printed as a slip, or checked in at once when their time is now.
import { html } from "../html.js";
import { checkInRow } from "../check_in/flow.js";
import { dayOf, timeOf } from "../clock.js";
import { inFours } from "../scanner/codes.js";
import { deskNow, may, rowOf, useDesk } from "../state.js";
import { Actions, Button, Notice, Title, useBusy } from "../ui.js";
import { named, t } from "../words.js";

export function Ticket({ ticket, onNext }) {
  const { shift } = useDesk();
  const [busy, run] = useBusy();
  const now = new Date(ticket.return_at) <= deskNow();
  const row = rowOf(ticket.reference);
  return html`<section class="sheet walk-in">
    <${Title}>${t("现场号取好了")}<//>
    <article class="slip" aria-label=${t("现场号小票")}>
      <h2>${t("现场号小票")}</h2>
      <p class="big">${now ? t("现在") : timeOf(ticket.return_at)}</p>
      <p>${now ? t("请去签到") : t("请 %(time)s 前回到登记台签到", { time: timeOf(ticket.return_at) })}</p>
      <img class="code" alt=${t("签到码")} src=${`data:image/svg+xml,${encodeURIComponent(ticket.picture)}`} />
      <p class="number">${inFours(ticket.reference)}</p>
      <p><b>${ticket.name}</b> ${t("尾号 %(tail)s", { tail: ticket.tail })}</p>
      <p>${named(ticket.option)}</p>
      <p class="note">${named(shift.site)} · ${dayOf(ticket.given_at)} ${timeOf(ticket.given_at)}</p>
    </article>
    ${!now && html`<${Notice} kind="info">${t("请本人带好证件和这张小票，到点再来。")}<//>`}
    <${Actions}>
      ${now && row && may("check_in")
        ? html`<${Button} kind="main" busy=${busy} onClick=${() => run(() => checkInRow(row, "document"))}>${t("现在签到")}<//>
          <div class="pair"><${Button} onClick=${() => print()}>${t("打印小票")}<//><${Button} onClick=${onNext}>${t("下一位")}<//></div>`
        : html`<${Button} kind="main" onClick=${() => print()}>${t("打印小票")}<//><${Button} onClick=${onNext}>${t("下一位")}<//>`}
    <//>
  </section>`;
}
