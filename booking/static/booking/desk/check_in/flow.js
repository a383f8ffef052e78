// What comes of a code or a name: judged at once from the day's list, done, and put right when the server knows better.
//
// The card is what the result screen shows: {reference, row, result, reason, facts, look, from: "list" | "server",
// at, tookMs, key, confirmed, corrected, undone}. There is one, the last.
import { act, nowHappened } from "../acts.js";
import { useEffect, useState } from "../html.js";
import { call, Offline } from "../net.js";
import { go } from "../router.js";
import { judge } from "../rules/check_in.js";
import { forgetLastScan } from "../scanner/scans.js";
import { signal } from "../sound.js";
import { desk, deskNow, may, rowByCode, rowOf } from "../state.js";

let card = null;
const listeners = new Set();

/** The last result, and to be drawn again when it changes. */
export function useCard() {
  const [, draw] = useState(0);
  useEffect(() => {
    const listener = () => draw((count) => count + 1);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, []);
  return card;
}

const LOOKS = { ok: "ok", wrong_time: "wait", refused: "no", unknown: "no" };

/** ok, wait, no or off: what it looks and sounds like. */
function lookOf({ result, reason, offline }) {
  if (reason === "not_in_list" || (result === "ok" && offline)) return "off";
  return LOOKS[result] || "no";
}

function show(facts, { loud = true } = {}) {
  card = { facts: {}, from: "list", confirmed: false, corrected: false, undone: false, ...facts };
  card.look = facts.look || lookOf(card);
  if (loud) signal(card.look === "off" ? "offline" : card.look);
  for (const listener of listeners) listener();
}

function alter(shown, facts) {
  if (card !== shown) return shown;
  Object.assign(card, facts);
  for (const listener of listeners) listener();
  return card;
}

/** A code was scanned or a number typed: judge it, do it if it is right, and open the result. `code` is of readCode. */
export async function checkInCode(code, how) {
  const began = performance.now();
  const row = code.kind === "code" ? await rowByCode(code.payload) : code.reference ? rowOf(code.reference) : null;
  const seen = { code, how, at: deskNow(), reference: code.reference || "", row };
  // Who does not register opens whom they serve.
  if (row?.visit && !may("check_in")) return go("person", row.reference);
  if (row) await checkIn(seen, began);
  else if (code.kind === "box") show({ ...seen, result: "unknown", reason: "box", tookMs: performance.now() - began });
  else if (!code.reference || rowOf(code.reference)) unknown(seen, "not_ours", began);
  else await ask(seen, began);
  return go("result");
}

/** Somebody was found in the list. */
export async function checkInRow(row, how) {
  await checkIn({ how, at: deskNow(), reference: row.reference, row }, performance.now());
  go("result");
}

function unknown(seen, reason, began) {
  show({ ...seen, result: "unknown", reason, tookMs: performance.now() - began });
}

async function checkIn(seen, began, acceptTime = false) {
  const verdict = judge(seen.row, { now: seen.at, settings: desk.settings, site: desk.shift.site, acceptTime });
  const facts = { ...verdict.facts };
  if (verdict.result !== "ok" || !may("check_in")) {
    const said = verdict.result === "ok" ? { result: "refused", reason: "not_your_post" } : verdict;
    return show({ ...seen, ...said, facts, tookMs: performance.now() - began });
  }
  const done = await act("check_in", seen.reference, { how: seen.how, accept_time: acceptTime });
  const offline = !desk.online;
  show({ ...seen, ...verdict, facts, offline, row: done.local || seen.row, key: done.key, tookMs: performance.now() - began });
  return follow(card, done.answered);
}

// The answer comes after the result is shown. Whatever differs is said loudly.
async function follow(shown, answered) {
  const answer = await answered;
  const facts = { ...answer.facts };
  if (answer.outcome === "offline") return quietlyOffline(shown);
  const row = answer.row || rowOf(shown.reference) || shown.row;
  if (answer.outcome === "done") return alter(shown, { confirmed: true, row, facts, offline: false, look: "ok" });
  if (card !== shown) return undefined;
  const { result, reason } = saidBy(answer);
  return show({ ...shown, look: undefined, result, reason, row, facts, from: "server", corrected: true, detail: answer.detail, key: null });
}

function quietlyOffline(shown) {
  if (shown.look === "off") return;
  alter(shown, { offline: true, look: "off" });
  signal("offline");
}

const WRONG_TIMES = ["too_early", "too_late", "other_day"];

function saidBy({ code, facts = {} }) {
  const reason = facts.reason || code;
  const result = facts.result || (WRONG_TIMES.includes(reason) ? "wrong_time" : "refused");
  return { result: result === "ok" ? "refused" : result, reason };
}

// --- Not in the list: the server knows of other days and sites ---

async function ask(seen, began) {
  if (!desk.online) return unknown(seen, "not_in_list", began);
  show({ ...seen, result: "asking", reason: "asking", look: "asking", tookMs: 0 }, { loud: false });
  go("result");
  const asked = card;
  try {
    const answer = await call("POST", "check-ins", {
      site: desk.shift.site.code, code: seen.code.payload || seen.reference, desk: desk.shift.desk,
      happened_at: seen.at.toISOString(), offline: false,
    }, { seconds: 6 });
    if (card === asked) fromServer(seen, answer, performance.now() - began);
  } catch (error) {
    if (card !== asked) return undefined;
    if (error instanceof Offline) return unknown(seen, "not_in_list", began);
    show({ ...seen, result: "unknown", reason: error.code || "not_ours", detail: error.detail, from: "server", tookMs: performance.now() - began });
  }
  return undefined;
}

function fromServer(seen, answer, tookMs) {
  const row = answer.row || rowOf(seen.reference) || null;
  show({ ...seen, ...answer, row, facts: answer.facts || {}, from: "server", confirmed: answer.result === "ok", tookMs });
}

// --- What can be done about a card ---

/** Early or late on the right day: check in all the same. */
export async function acceptTime() {
  const { how, row } = card;
  await checkIn({ how, at: deskNow(), reference: row.reference, row }, performance.now(), true);
}

/** Their place of another day becomes one of now; needs the network. Throws what the server says against it. */
export async function bringForward() {
  const { reference, how } = card;
  const { answered } = await act("bring_forward", reference, {});
  const answer = await answered;
  if (answer.outcome !== "done") return { ok: false, detail: answer.detail };
  const row = answer.row || rowOf(reference);
  if (row && !row.visit) await checkIn({ how, at: deskNow(), reference, row }, performance.now(), true);
  else show({ reference, how, at: deskNow(), row, result: "ok", reason: "on_time", from: "server", confirmed: true, tookMs: 0, key: answer.key });
  return { ok: true };
}

/** Without the network and in no list: taken down by number, and judged when the network is back. */
export async function takeDown() {
  const { reference, how, code } = card;
  const done = await act("check_in", reference, { how, accept_time: true, code: code?.payload });
  await nowHappened([done]);
  show({ ...card, look: "off", result: "ok", reason: "taken_down", offline: true, key: done.key, at: deskNow() });
  follow(card, done.answered);
}

/** Seconds in which this check-in can still be taken back here. */
export function secondsToUndo(shown) {
  if (!shown?.key || shown.undone || shown.result !== "ok") return 0;
  const left = (desk.settings.undo_seconds ?? 60) - (deskNow() - shown.at) / 1000;
  return Math.max(0, Math.ceil(left));
}

/** Take the check-in back. Returns {ok, detail}. */
export async function undo(reason) {
  const shown = card;
  const { answered } = await act("undo_check_in", shown.reference, { reason });
  alter(shown, { undone: true, row: rowOf(shown.reference) || shown.row });
  forgetLastScan();
  const answer = await answered;
  const ok = answer.outcome === "done" || answer.outcome === "offline";
  if (!ok) alter(shown, { undone: false, row: rowOf(shown.reference) || shown.row });
  return { ok, detail: answer.detail };
}
