// One person who is being observed: a ring that empties, the time left in words, and what may be done.
import { ticketOf } from "../check_in/row_words.js";
import { timeOf } from "../clock.js";
import { html } from "../html.js";
import { may } from "../state.js";
import { Button, Icon } from "../ui.js";
import { t } from "../words.js";

export function Watched({ row, left, onReact, onLeave }) {
  const reacted = row.visit.reactions.length > 0;
  return html`<li class=${left.over ? "watched over" : "watched"}>
    <${Ring} left=${left} />
    <div class="watched-who"><p><span class="ticket">${ticketOf(row)}</span><b>${row.name}</b></p>
      <p class="watched-when">${left.over ? t("可以离开") : timeWords(left)}<small> · ${t("到 %(time)s", { time: timeOf(row.visit.observe_until) })}</small></p>
      ${reacted && html`<p class="watched-reacted"><${Icon} name="warning" size=${20} />${t("登记过不良反应")}</p>`}</div>
    <div class="watched-do">
      ${may("react") && html`<${Button} kind="danger" onClick=${onReact} aria-label=${t("不良反应：%(name)s", { name: row.name })}>${t("不良反应")}<//>`}
      ${may("leave") && html`<${Button} kind=${left.over ? "second" : "quiet"} onClick=${onLeave}
        aria-label=${left.over ? t("离开：%(name)s", { name: row.name }) : t("提前离开：%(name)s", { name: row.name })}>
        ${left.over ? t("离开") : t("提前离开")}<//>`}</div></li>`;
}

function timeWords({ minutes, seconds }) {
  return minutes ? t("还要 %(n)s 分钟", { n: minutes + (seconds ? 1 : 0) }) : t("还要 %(n)s 秒", { n: seconds });
}

/** What is left of the time, as a part of the circle; a tick when it is over. */
function Ring({ left }) {
  return html`<svg class="ring" viewBox="0 0 48 48" width="56" height="56" aria-hidden="true" fill="none">
    <circle class="ring-all" cx="24" cy="24" r="20" />
    ${!left.over && html`<circle class="ring-left" cx="24" cy="24" r="20" pathLength="100" transform="rotate(-90 24 24)"
      stroke-dasharray=${`${Math.max(1, Math.round((1 - left.part) * 100))} 100`} />`}
    ${left.over
      ? html`<path class="ring-tick" d="m15 24.500 6.500 6.500L34 18" />`
      : html`<text x="24" y="29.500" text-anchor="middle">${left.minutes + (left.seconds && left.minutes ? 1 : 0) || "<1"}</text>`}
  </svg>`;
}
