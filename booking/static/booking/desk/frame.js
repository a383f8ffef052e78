// What stands around every screen: where we are, whether we are connected, how the day goes, and what is next.
import { Fragment, html, useLayoutEffect, useState } from "./html.js";
import { HeldCode } from "./check_in/held.js";
import { deskNow, timeOf } from "./clock.js";
import { Guard } from "./guard.js";
import { addressOf, onRoute, where } from "./router.js";
import { SCREENS } from "./screens/index.js";
import { Lost } from "./screens/lost.js";
import { countersNow, may, useDesk } from "./state.js";
import { deskInWords } from "./stations.js";
import { Button, Empty, Icon, Notice, useTicking, useWide } from "./ui.js";
import { takeNewVersion } from "./update.js";
import { named, t } from "./words.js";

const STALE_MS = 120_000;
// Between two people, when nothing is being filled in.
const CALM = ["scan", "today", "station", "queue", "menu", "observe"];

function useRoute() {
  const [route, setRoute] = useState(where);
  // Before the screens' own effects: one of them may go elsewhere at once.
  useLayoutEffect(() => onRoute(setRoute), []);
  // Each screen is read from its top.
  useLayoutEffect(() => scrollTo(0, 0), [route.name, route.argument]);
  return route;
}

function Top() {
  const { shift, online, pending, conflicts } = useDesk();
  return html`<header class="top"><b><span>${named(shift.site)}</span><span>· ${deskInWords(shift.desk)}</span></b>
    <a class=${online ? "connection" : "connection off"} href=${addressOf("queue")}><span role="status">
      <i></i>${online ? t("在线") : t("离线")}
      ${pending > 0 && ` · ${t("%(n)s 条待传", { n: pending })}`}
      ${conflicts.length > 0 && ` · ${t("%(n)s 条要处理", { n: conflicts.length })}`}</span></a></header>`;
}

function Counters() {
  useDesk();
  const { arrived, due, waiting, observed, leftover } = countersNow();
  return html`<section class="counters" aria-label=${t("今天的情况")}>
    <div><b>${arrived}<small> / ${due}</small></b><span>${t("已到 / 应到")}</span></div>
    <div><b>${waiting}</b><span>${t("候种")}</span></div>
    <div><b>${observed}</b><span>${t("留观")}</span></div>
    <div><b>${leftover}</b><span>${t("余苗")}</span></div></section>`;
}

function Stale() {
  const { dataAt } = useDesk();
  useTicking(10);
  if (!dataAt || deskNow() - dataAt < STALE_MS) return null;
  return html`<p class="stale" role="status">${t("数据是 %(time)s 的", { time: timeOf(dataAt) })}</p>`;
}

function Broken() {
  const { broken } = useDesk();
  if (!broken) return null;
  return html`<${Notice} kind="error" live><p><b>${t("本机存不下，刚才这一步没有记下")}</b></p>
    <p>${t("请刷新本页，再办一次。还不行就换一台设备，并告诉值班长。")}</p><//>`;
}

function NewVersion({ calm }) {
  const { newVersion, pending } = useDesk();
  if (!newVersion || !calm || pending > 0) return null;
  return html`<div class="new-version" role="status"><span>${t("有新版本")}</span>
    <${Button} onClick=${takeNewVersion}>${t("更新")}<//></div>`;
}

/** What this person has no post for. */
function NotYours() {
  return html`<section class="sheet"><${Empty} icon="lock" title=${t("这个岗位不办这件事")}>
    <p>${t("请找值班长，或在菜单里换服务台。")}</p><//></section>`;
}

function Bar({ name }) {
  const links = [["scan", "scan", t("扫码")], ["find", "search", t("手工查找")], ["menu", "menu", t("菜单")]];
  return html`<footer class="bottom"><nav>${links.map(([screen, icon, words]) => html`<a key=${screen} href=${addressOf(screen)}
    aria-current=${screen === name ? "page" : undefined}><${Icon} name=${icon} />${words}</a>`)}</nav></footer>`;
}

export function Frame() {
  const route = useRoute();
  const wide = useWide();
  const found = SCREENS[route.name] || SCREENS.menu;
  const allowed = !found.may || may(found.may);
  const beside = wide && allowed && SCREENS[found.beside];
  const screen = allowed ? found.screen : NotYours;
  return html`<${Fragment}>
    <${Top} /><${Counters} /><${Stale} /><${Broken} /><${Lost} closes /><${NewVersion} calm=${CALM.includes(route.name)} />
    <main class=${beside ? "two" : "one"}>
      ${beside && html`<aside><${Guard}><${beside.screen} argument="" beside known=${SCREENS} /><//></aside>`}
      <div class="screen" key=${`${route.name}/${route.argument}`}>
        <${Guard}><${screen} argument=${route.argument} known=${SCREENS} /><//></div></main>
    <${Bar} name=${route.name} /><${HeldCode} />
  <//>`;
}
