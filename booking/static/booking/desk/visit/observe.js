// Everybody who stays after a dose, by the time they have left; whoever may go is on top, and is heard.
import { act } from "../acts.js";
import { ticketOf } from "../check_in/row_words.js";
import { html, useEffect, useRef, useState } from "../html.js";
import { observed, timeLeft } from "../rules/observing.js";
import { signal } from "../sound.js";
import { deskNow, may, rowOf, useDesk } from "../state.js";
import { Actions, Button, Empty, Field, Notice, Title, useBusy, useTicking } from "../ui.js";
import { t } from "../words.js";
import { LeaveEarly } from "./leave_early.js";
import { React } from "./react.js";
import { Watched } from "./watched.js";

// From so many on, somebody who stands at the desk is looked for.
const MANY = 8;

export function Observe() {
  const { list, settings } = useDesk();
  const [open, setOpen] = useState(null);
  const [said, setSaid] = useState(null);
  const [wanted, setWanted] = useState("");
  const [busy, run] = useBusy();
  useTicking(1);
  const now = deskNow().getTime();
  const here = observed(list).map((row) => ({ row, left: timeLeft(row, now) }));
  const over = here.filter(({ left }) => left.over);
  useBell(over.map(({ row }) => row.reference));
  const shown = here.filter(({ row }) => matches(row, wanted));

  async function does(kind, row, data, words) {
    const { answered } = await act(kind, row.reference, data);
    setOpen(null);
    setSaid({ kind: "good", words });
    const answer = await answered;
    if (answer.outcome === "refused") setSaid({ kind: "error", words: answer.detail || t("没有记上。请再试一次。") });
  }
  const leave = (row, early = "") => run(() => does("leave", row, { early }, t("%(name)s 已离开", { name: row.name })));

  const row = open && rowOf(open.reference);
  if (row && open.what === "react") {
    return html`<${React} row=${row} onBack=${() => setOpen(null)}
      onSave=${(data) => does("react", row, data, t("%(name)s 的不良反应已登记", { name: row.name }))} />`;
  }
  if (row && open.what === "leave") {
    return html`<${LeaveEarly} row=${row} left=${timeLeft(row, now)} onBack=${() => setOpen(null)} onLeave=${(why) => leave(row, why)} />`;
  }
  return html`<section class="sheet visit observe">
    <${Title} hint=${t("留观 %(n)s 人 · 可以离开 %(over)s 人 · 每人 %(minutes)s 分钟",
      { n: here.length, over: over.length, minutes: settings.observation_minutes ?? 30 })}>${t("留观")}<//>
    ${said && html`<${Notice} kind=${said.kind} live>${said.words}<//>`}
    ${here.length > MANY && html`<${Field} label=${t("找号码或姓名")} name="wanted" type="search" value=${wanted} onInput=${setWanted} />`}
    ${here.length === 0 && html`<${Empty} icon="clock" title=${t("现在没有人在留观")}>
      <p>${t("打完的人会自己出现在这里。")}</p><//>`}
    ${here.length > 0 && shown.length === 0 && html`<${Empty} icon="search" title=${t("留观的人里没有。看看是不是已经离开。")} />`}
    <ul class="watched-list">${shown.map((one) => html`<${Watched} key=${one.row.reference} ...${one}
      onReact=${() => setOpen({ what: "react", reference: one.row.reference })}
      onLeave=${() => (one.left.over ? leave(one.row) : setOpen({ what: "leave", reference: one.row.reference }))} />`)}</ul>
    ${over.length > 0 && may("leave") && html`<${Actions}><${Button} kind="main" icon="tick" busy=${busy} onClick=${() => leave(over[0].row)}>
      ${t("%(who)s 离开", { who: [ticketOf(over[0].row), over[0].row.name].join(" ") })}<//><//>`}
  </section>`;
}

function matches(row, wanted) {
  const text = wanted.trim().toUpperCase();
  return !text || row.name.toUpperCase().includes(text) || ticketOf(row).replace(/^A0*/, "").startsWith(text.replace(/^A0*/, ""));
}

/** Rings for each whose time has come to its end since the last look, not for those who were there at the first. */
function useBell(references) {
  const known = useRef(null);
  const now = references.join();
  useEffect(() => {
    if (known.current && references.some((one) => !known.current.has(one))) signal("ok");
    known.current = new Set(references);
  }, [now]);
}
