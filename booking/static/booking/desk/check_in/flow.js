// From a code or a name to a check-in: judged at once from the day's list, done, and put right when the server knows
// better.
import { act, nowHappened } from "../acts.js";
import { call, whyNot } from "../net.js";
import { go } from "../router.js";
import { judge } from "../rules/check_in.js";
import { forgetLastScan } from "../scanner/scans.js";
import { desk, deskNow, may, rowByCode, rowOf, takeRows } from "../state.js";
import { alter, show, theCard } from "./card.js";
import { askAbout, askWhy } from "./server.js";

/** A code was scanned or a number typed, as readCode has read it: check in, or say why not, and open the result. */
export async function checkInCode(code, how) {
  const began = performance.now();
  const row = code.kind === "code" ? await rowByCode(code.payload) : code.reference ? rowOf(code.reference) : null;
  const seen = { code, how, at: deskNow(), reference: code.reference || "", row };
  const unknown = (reason) => show({ ...seen, result: "unknown", reason, offline: !desk.online, tookMs: performance.now() - began });
  // Who does not register opens whom they serve.
  if (row?.visit && !may("check_in")) return go("person", row.reference);
  if (row) await checkIn(seen, began);
  else if (code.kind === "box") unknown("box");
  // A number of the list with another code than its own was made by somebody.
  else if (!code.reference || rowOf(code.reference)) unknown("not_ours");
  else if (!desk.online) unknown("not_in_list");
  else askAbout(seen, began);
  return go("result");
}

/** Somebody was found in the list. */
export async function checkInRow(row, how) {
  await checkIn({ how, at: deskNow(), reference: row.reference, row }, performance.now());
  go("result");
}

async function checkIn(seen, began, { acceptTime = false } = {}) {
  const { result, reason, facts } = judge(seen.row, { now: seen.at, settings: desk.settings, acceptTime });
  const took = () => ({ tookMs: performance.now() - began });
  if (result === "ok" && !may("check_in")) return show({ ...seen, result: "refused", reason: "not_your_post", facts, ...took() });
  if (result !== "ok") {
    const shown = show({ ...seen, result, reason, facts, ...took() });
    if (reason === "cancelled" && desk.online) askWhy(shown);
    return undefined;
  }
  const offline = !desk.online;
  const done = await act("check_in", seen.reference, { how: seen.how, accept_time: acceptTime });
  const shown = show({ ...seen, result, reason, facts, offline, row: done.local || seen.row, key: done.key, ...took() });
  follow(shown, done.answered);
  return undefined;
}

// The answer comes after the result is shown. What contradicts it is said loudly.
async function follow(shown, answered) {
  const answer = await answered;
  if (answer.outcome === "offline") {
    if (!shown.offline) alter(shown, { offline: true }, { loud: true });
    return;
  }
  const row = answer.row || rowOf(shown.reference) || shown.row;
  const facts = { ...shown.facts, ...answer.facts };
  if (answer.outcome === "done" && answer.code !== "already") {
    alter(shown, { confirmed: true, offline: false, row, facts });
    return;
  }
  if (theCard() !== shown) return;
  show({ ...shown, ...saidBy(answer), row, facts, offline: false, from: "server", corrected: true, detail: answer.detail, key: null });
}

const WRONG_TIMES = ["too_early", "too_late", "other_day"];

function saidBy({ code, facts = {} }) {
  const reason = facts.reason || code;
  const isTime = WRONG_TIMES.includes(reason);
  return { result: facts.result === "unknown" ? "unknown" : isTime ? "wrong_time" : "refused", reason };
}

// --- What can be done about a card ---

/** Early or late on the right day: check in all the same. */
export async function acceptTime() {
  const { how, reference, row } = theCard();
  await checkIn({ how, at: deskNow(), reference, row: rowOf(reference) || row }, performance.now(), { acceptTime: true });
}

/** Their place of another day becomes one of now, and they are checked in. Returns why not, or "". */
export async function bringForward() {
  const { how, reference } = theCard();
  try {
    const { site, desk: where } = desk.shift;
    const { row } = await call("POST", `visits/${reference}/bring-forward`, { site: site.code, desk: where });
    takeRows([row]);
    const now = rowOf(reference) || row;
    await checkIn({ how, at: deskNow(), reference, row: now }, performance.now(), { acceptTime: true });
    return "";
  } catch (error) {
    return whyNot(error);
  }
}

/** Without the network and in no list: taken down by number, and judged when the network is back. */
export async function takeDown() {
  const shown = theCard();
  const done = await act("check_in", shown.reference, { how: shown.how, accept_time: true });
  // It is done with whatever comes; if the network is back this moment, too.
  await nowHappened([done]);
  show({ ...shown, result: "ok", reason: "taken_down", offline: true, key: done.key, at: deskNow(), madeAt: Date.now() });
}

/** Seconds in which this check-in can still be taken back here. */
export function secondsToUndo({ key, result, undone, madeAt }) {
  if (!key || undone || result !== "ok") return 0;
  const most = desk.settings.undo_seconds ?? 60;
  // By the device's own clock: only how long ago counts.
  return Math.min(most, Math.max(0, Math.ceil(most - (Date.now() - madeAt) / 1000)));
}

/** Take the check-in back. Returns why not, or "". */
export async function undo(reason) {
  const shown = theCard();
  if (shown.key === "server") return undoAtServer(shown, reason);
  const { answered } = await act("undo_check_in", shown.reference, { reason });
  alter(shown, { undone: true, row: rowOf(shown.reference) || shown.row });
  forgetLastScan();
  const answer = await answered;
  if (answer.outcome !== "refused") return "";
  alter(shown, { undone: false, row: rowOf(shown.reference) || shown.row });
  return answer.detail;
}

// The list did not know them, so the server has checked them in and takes it back.
async function undoAtServer(shown, reason) {
  try {
    const { site, desk: where } = desk.shift;
    const { row } = await call("POST", `visits/${shown.reference}/undo`, { site: site.code, desk: where, reason });
    if (row) takeRows([row]);
    alter(shown, { undone: true, row });
    forgetLastScan();
    return "";
  } catch (error) {
    return whyNot(error);
  }
}
