// What stands around every screen: where we are, whether we are connected, how the day goes, and what is next.
import { Fragment, html, useEffect, useState } from "./html.js";
import { deskNow, timeOf } from "./clock.js";
import { addressOf, onRoute, where } from "./router.js";
import { SCREENS } from "./screens/index.js";
import { may, useDesk } from "./state.js";
import { Icon, useTicking, useWide } from "./ui.js";
import { t } from "./words.js";

const STALE_MS = 120_000;

export function useRoute() {
  const [route, setRoute] = useState(where);
  useEffect(() => onRoute(setRoute), []);
  return route;
}

function Connection() {
  const { online, pending, conflicts } = useDesk();
  return html`<a class=${online ? "connection" : "connection off"} href=${addressOf("queue")}>
    <i></i>${online ? t("在线") : t("离线")}
    ${pending > 0 && ` · ${t("%(n)s 条待传", { n: pending })}`}
    ${conflicts.length > 0 && ` · ${t("%(n)s 条要处理", { n: conflicts.length })}`}</a>`;
}

function Counters() {
  const { counters } = useDesk();
  const shown = (name) => counters?.[name] ?? "–";
  return html`<div class="counters">
    <div><b>${shown("arrived")}<small> / ${shown("due")}</small></b><span>${t("已到 / 应到")}</span></div>
    <div><b>${shown("waiting")}</b><span>${t("候种")}</span></div>
    <div><b>${shown("observed")}</b><span>${t("留观")}</span></div>
    <div><b>${shown("leftover")}</b><span>${t("余苗")}</span></div></div>`;
}

function Stale() {
  const { dataAt } = useDesk();
  useTicking(10);
  if (!dataAt || deskNow() - dataAt < STALE_MS) return null;
  return html`<p class="stale" role="status">${t("数据是 %(time)s 的", { time: timeOf(dataAt) })}</p>`;
}

export function Frame() {
  const { shift } = useDesk();
  const route = useRoute();
  const wide = useWide();
  const found = SCREENS[route.name] || SCREENS.queue;
  const beside = wide && SCREENS[found.beside];
  return html`<${Fragment}>
    <header class="top"><b>${shift.site.name} · ${shift.desk}</b><${Connection} /></header>
    <${Counters} /><${Stale} />
    <main class=${beside ? "two" : "one"} id="main">
      ${beside && html`<aside><${beside.screen} argument="" /></aside>`}
      <div class="screen"><${found.screen} key=${route.name + route.argument} argument=${route.argument} /></div></main>
    <footer class="bottom">
      <a href=${addressOf("scan")}><${Icon} name="scan" />${t("扫码")}</a>
      <a href=${addressOf("find")}><${Icon} name="search" />${t("手工查找")}</a>
      <a href=${addressOf("menu")}><${Icon} name="menu" />${t("菜单")}</a></footer>
  <//>`;
}
