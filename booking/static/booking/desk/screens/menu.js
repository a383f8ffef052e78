// Where else one can go, how the page looks, and the end of the shift.
import { html, useState } from "../html.js";
import { chooseSize, textSize } from "../preferences.js";
import { addressOf, go } from "../router.js";
import { endShift } from "../session.js";
import { change, may, useDesk } from "../state.js";
import { Button, Choice, Confirm, Icon, Notice, Title, useBusy } from "../ui.js";
import { named, t } from "../words.js";
import { LanguageChoice } from "./language_choice.js";

const places = () => [
  ["today", "calendar", t("今天"), null],
  ["station", "speak", t("叫号和候种"), null],
  ["observe", "clock", t("留观"), null],
  ["walk-in", "ticket", t("现场号"), "walk_in"],
  ["outside", "edit", t("外地接种记录"), "outside_dose"],
  ["leftovers", "vaccine", t("余苗"), "leftovers"],
  ["stock", "stock", t("库存"), "stock"],
  ["close", "sum", t("今天的日结"), "close_day"],
  ["screens", "screen", t("叫号屏"), "pair_screen"],
  ["queue", "queue", t("待传和要处理的"), null],
];

/** `known`: all screens there are, by name. */
export function Menu({ known }) {
  const { shift } = useDesk();
  const [size, setSize] = useState(textSize);
  const [ends, setEnds] = useState(false);
  const sizes = [["standard", t("标准")], ["large", t("大")], ["largest", t("特大")]];
  const shown = places().filter(([name, , , what]) => known[name] && (!what || may(what)));
  return html`<section class="sheet narrow">
    <${Title} hint=${`${shift.user.name} · ${named(shift.site)}`}>${t("菜单")}<//>
    <nav class="places" aria-label=${t("菜单")}>${shown.map(([name, icon, words]) => html`<a key=${name} href=${addressOf(name)}>
      <${Icon} name=${icon} /><span>${words}</span><${Icon} name="next" size=${20} /></a>`)}</nav>
    <${LanguageChoice} />
    <${Choice} small label=${t("字号")} name="size" options=${sizes} value=${size}
      onChange=${(wanted) => { chooseSize(wanted); setSize(wanted); }} />
    <div class="pair"><${Button} icon="lock" onClick=${() => change({ locked: true })}>${t("锁屏")}<//>
      <${Button} icon="edit" onClick=${() => go("shift")}>${t("换服务台")}<//></div>
    <${Button} kind="danger" onClick=${() => setEnds(true)}>${t("结束当班")}<//>
    ${ends && html`<${End} onNo=${() => setEnds(false)} />`}
  </section>`;
}

function End({ onNo }) {
  const { pending } = useDesk();
  const [busy, run] = useBusy();
  const [why, setWhy] = useState("");
  const end = () => run(() => endShift().catch(() => setWhy(t("网断了。联网以后才能退出登录；现在可以先锁屏。"))));
  if (pending > 0) {
    return html`<${Confirm} title=${t("还不能结束")} yes=${t("看待传的")} onYes=${() => go("queue")} onNo=${onNo}>
      <p>${t("还有 %(n)s 条没传到服务器。联网传完就可以结束。", { n: pending })}</p><//>`;
  }
  return html`<${Confirm} title=${t("结束当班？")} danger busy=${busy} yes=${t("结束当班")} onYes=${end} onNo=${onNo}>
    ${why && html`<${Notice} kind="error" live>${why}<//>`}
    <p>${t("会退出登录，并删除本机上今天的名单。")}</p><//>`;
}
