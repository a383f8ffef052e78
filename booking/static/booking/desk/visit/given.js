// A dose was given: what was saved, until when they stay, and who is next.
import { timeOf } from "../clock.js";
import { html } from "../html.js";
import { addressOf, go } from "../router.js";
import { may } from "../state.js";
import { Actions, Button, Facts, Icon, Title } from "../ui.js";
import { t } from "../words.js";
import { bodySites, routes, wordOf } from "./body.js";
import { CallNext } from "./call_next.js";
import { Who } from "./who.js";

let latest = null;

/** The dose that was saved last at this desk, so that the next screen can say so. */
export function remember(row) {
  latest = row;
}

/** On the next person's screen: the one before is saved. */
export function Saved() {
  if (!latest) return null;
  const { reference, name, visit } = latest;
  return html`<p class="saved" role="status"><${Icon} name="tick" size=${20} stroke=${3} />
    <span>${t("已保存：%(name)s，留观到 %(time)s", { name, time: timeOf(visit.observe_until) })}</span>
    <a href=${addressOf("record", reference)}>${t("看记录")}</a></p>`;
}

export function Given({ row }) {
  const { dose, observe_until: until, status } = row.visit;
  return html`<section class="visit given">
    <div class="verdict ok" role="status"><${Icon} name="tick" size=${72} stroke=${3} />
      <${Title}>${t("已接种")}<//><p>${status === "finished" ? t("已离开") : t("请去留观，到 %(time)s", { time: timeOf(until) })}</p></div>
    <div class="sheet"><${Who} row=${row} />
      <${Facts} rows=${[
        [t("批号"), dose.batch],
        [t("部位"), `${wordOf(bodySites(), dose.body_site)} · ${wordOf(routes(), dose.route)}`],
        [t("时间"), timeOf(dose.given_at)],
      ]} />
      <${Actions}>
        <${CallNext} station="vaccination" />
        <div class="pair"><${Button} onClick=${() => go("record", row.reference)}>${t("打印记录")}<//>
          ${may("correct")
            ? html`<${Button} onClick=${() => go("correct", row.reference)}>${t("更正")}<//>`
            : html`<${Button} onClick=${() => go("observe")}>${t("看留观")}<//>`}</div>
      <//></div></section>`;
}
