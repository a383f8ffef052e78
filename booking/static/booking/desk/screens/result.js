// What came of a check-in (S3): four looks, told apart by colour, icon, frame and word; then who it is; then one thing
// to do. The next person may be scanned at any moment.
import { Fragment, html, useEffect, useState } from "../html.js";
import { MAIN, SECOND } from "../check_in/choices.js";
import { useCard } from "../check_in/card.js";
import { NotThisPerson, Supervisor } from "../check_in/dialogs.js";
import { acceptTime, bringForward, secondsToUndo, takeDown, undo } from "../check_in/flow.js";
import { wordsOf } from "../check_in/result_words.js";
import { bookedOf, flagsOf, lastDoseOf, tooEarly, vaccineOf, whoOf } from "../check_in/row_words.js";
import { Preview } from "../check_in/viewfinder.js";
import { go } from "../router.js";
import { inFours } from "../scanner/codes.js";
import { rowOf, useDesk } from "../state.js";
import { Actions, Button, Facts, Notice, useBusy, useTicking } from "../ui.js";
import { t } from "../words.js";

const PICTURES = {
  ok: "m4 12.5 5.5 5.5L20.500 6.500",
  wait: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.500 2",
  no: "m5 5 14 14M19 5 5 19",
  off: "M3 8.500a14 14 0 0 1 18 0M6.500 12.500a8.500 8.500 0 0 1 11 0M10 16.500a3.500 3.500 0 0 1 4 0M12 20h.01M4 21 20 3",
  asking: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.500 16.500l5 5",
};
const STROKES = { ok: 3.4, no: 3.4, wait: 2.2, off: 2.2, asking: 2.2 };

export function Result() {
  const card = useCard();
  useEffect(() => {
    if (!card) go("scan", "", { instead: true });
  }, [card]);
  return card && html`<${Card} card=${card} />`;
}

function Card({ card }) {
  useDesk();
  // Whose code it is not is not shown.
  const row = card.row && (rowOf(card.reference) || card.row);
  return html`<section class="result-screen">
    <${Verdict} card=${{ ...card, row }} />
    <div class="sheet">
      ${row ? html`<${Who} row=${row} at=${card.at} />` : html`<${Number} card=${card} />`}
      <${WhatNow} card=${card} row=${row} />
    </div>
    <${Preview} />
  </section>`;
}

// It is read out and takes no focus: said once. Each person's is a new one, also where the words are the last one's.
function Verdict({ card }) {
  const { big, line, small } = wordsOf(card);
  const look = card.undone ? "undone" : card.look;
  return html`<div class=${`verdict ${look}${card.corrected ? " corrected" : ""}`}>
    <${Picture} look=${look} />
    <div role="alert" aria-atomic="false"><div key=${card.at.getTime()}>
      <h1>${big}</h1>${line && html`<p>${line}</p>`}${small && html`<small>${small}</small>`}</div></div></div>`;
}

function Picture({ look }) {
  return html`<svg width="76" height="76" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor"
    stroke-width=${STROKES[look] || 2.2} stroke-linecap="round" stroke-linejoin="round"><path d=${PICTURES[look] || PICTURES.asking} /></svg>`;
}

export function Who({ row, at }) {
  const flags = flagsOf(row);
  return html`<${Fragment}>
    <p class="who"><b>${row.name}</b><span>${whoOf(row)}</span></p>
    <${Facts} rows=${[
      [t("疫苗"), vaccineOf(row)],
      [t("上一剂"), html`<span class=${tooEarly(row) ? "warned" : ""}>${lastDoseOf(row)}</span>`],
      [t("预约"), bookedOf(row, row.visit?.arrived_at || at)],
    ]} />
    ${flags.length > 0 && html`<${Notice} kind="warn">${flags.join(" · ")}<//>`}
  <//>`;
}

function Number({ card }) {
  if (!card.reference || card.reason === "not_ours") return null;
  return html`<${Facts} rows=${[[t("预约号"), html`<span class="number">${inFours(card.reference)}</span>`]]} />`;
}

function WhatNow({ card, row }) {
  const { pending, online } = useDesk();
  const [busy, run] = useBusy();
  const [problem, setProblem] = useState("");
  const [dialog, setDialog] = useState(null);
  useTicking(1);
  useEffect(() => {
    setProblem("");
    setDialog(null);
  }, [card.at]);
  const left = secondsToUndo(card);
  const scene = { card, row, pending, online, left };
  const work = {
    acceptTime: () => run(acceptTime),
    bringForward: () => run(async () => setProblem(await bringForward())),
    takeDown: () => run(takeDown),
    undo: () => run(async () => setProblem(await undo("taken_back"))),
    notThisPerson: () => setDialog("not_this_person"),
    supervisor: () => setDialog("supervisor"),
  };
  const press = ({ go: where, argument, work: name }) => (where ? go(where, argument) : work[name]());
  const main = MAIN(scene);
  const close = () => setDialog(null);
  return html`<${Actions}>
    ${problem && html`<${Notice} kind="error" live>${problem}<//>`}
    ${main.hint && html`<p class="note">${main.hint}</p>`}
    <${Button} kind="main" busy=${busy} disabled=${main.disabled} onClick=${() => press(main)}>${main.words}<//>
    <div class="pair">${SECOND(scene).map((one) => html`<${Button} key=${one.work || one.go} disabled=${busy}
      onClick=${() => press(one)}>${one.words}<//>`)}</div>
    ${dialog === "not_this_person" && html`<${NotThisPerson} onClose=${close}
      onUndo=${(reason) => run(async () => setProblem(await undo(reason))).then(close)} />`}
    ${dialog === "supervisor" && html`<${Supervisor} reference=${card.reference} onClose=${close} />`}
  <//>`;
}
