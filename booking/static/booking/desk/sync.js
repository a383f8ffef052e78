// Sends what was done and fetches what others did. Nobody waits for it; it goes on by itself.
import { call, Offline, onAnswer } from "./net.js";
import { change, desk, sumOfRows, takeRows, takeWaiting } from "./state.js";
import * as acts from "./acts.js";
import * as store from "./store.js";

const BATCH = 50;
const PULL_MS = 10_000;
const MOST_MS = 60_000;

let sending = null;
let pulling = null;
let sendTimer;
let pullTimer;
let failures = 0;
let cursor = null;
let stopped = true;

const jitter = (ms) => ms * (0.8 + Math.random() * 0.4);
const backoff = () => jitter(Math.min(1000 * 2 ** failures, MOST_MS));

/** Begin for the shift in the state; it pulls at once. */
export function startSync({ from }) {
  cursor = from || null;
  stopped = false;
  onAnswer(heard);
  kick();
}

export function stopSync() {
  stopped = true;
  clearTimeout(sendTimer);
  clearTimeout(pullTimer);
}

/** There may be a network again, or somebody wants to see it tried: now. */
export function kick() {
  if (stopped) return;
  failures = 0;
  sendNow();
  clearTimeout(pullTimer);
  pull().catch(() => {});
}

function heard(answered, problem) {
  failures = answered ? 0 : failures + 1;
  const facts = { online: answered, lastTry: Date.now() };
  if (problem?.status === 401) facts.wantsSignIn = true;
  if (answered && !desk.online) queueMicrotask(() => sendNow());
  change(facts);
}

/** Send what waits. Returns when the queue is empty or a try has failed. */
export function sendNow() {
  if (stopped || desk.wantsSignIn) return Promise.resolve();
  clearTimeout(sendTimer);
  sending ??= sendAll().finally(() => (sending = null));
  return sending;
}

async function sendAll() {
  try {
    while (desk.waiting.length > 0) {
      const batch = desk.waiting.slice(0, BATCH);
      const answers = await post(batch);
      if (!(await take(batch, answers))) break;
    }
  } catch (error) {
    if (!(error instanceof Offline)) change({ problem: error.detail || error.message });
    await acts.nowHappened(desk.waiting);
  }
  if (desk.waiting.length > 0) sendTimer = setTimeout(sendNow, backoff());
}

const WIRE = ["key", "device", "sequence", "after", "kind", "reference", "happened_at", "offline", "desk", "by", "data"];

async function post(batch) {
  const wire = batch.map((act) => Object.fromEntries(WIRE.map((name) => [name, act[name]])));
  const { site } = desk.shift;
  const answer = await call("POST", "acts", {
    site: site.code, device: acts.deviceId(), pending: desk.pending, acts: wire,
  });
  return new Map((answer.results || answer.acts).map((result) => [result.key, result]));
}

/** Take each row's answer. Returns whether anything has left the queue. */
async function take(batch, answers) {
  const left = new Set();
  const changed = { acts: [], rows: [], conflicts: [] };
  for (const act of batch) {
    const answer = answers.get(act.key);
    act.tries += 1;
    if (!answer || answer.outcome === "not_yet" || answer.outcome === "error") {
      changed.acts.push(act);
      continue;
    }
    left.add(act.key);
    changed.acts.push({ ...act, state: "answered", answer });
    if (answer.row) changed.rows.push(answer.row);
    if (answer.outcome === "conflict") changed.conflicts.push({ key: act.key, act, answer });
    if (answer.outcome === "refused") changed.acts.push(...acts.unchain(act, desk.waiting));
  }
  await store.takeAnswers(changed);
  takeRows(changed.rows);
  takeWaiting(desk.waiting.filter((act) => !left.has(act.key)));
  if (changed.conflicts.length > 0) change({ conflicts: await store.allConflicts() });
  for (const act of batch) if (left.has(act.key)) acts.settle(act.key, answers.get(act.key));
  return left.size > 0;
}

/** Fetch what has changed at the site since the last time, or the whole list. */
export function pull({ whole = false, onCount } = {}) {
  pulling ??= pullOnce({ whole, onCount }).finally(() => {
    pulling = null;
    if (!stopped) pullTimer = setTimeout(() => pull().catch(() => {}), desk.online ? jitter(PULL_MS) : backoff());
  });
  return pulling;
}

async function pullOnce({ whole, onCount }) {
  const since = !whole && cursor ? `&since=${encodeURIComponent(cursor)}` : "";
  const answer = await call("GET", `day-list?site=${encodeURIComponent(desk.shift.site.code)}${since}`);
  await takeList(answer, onCount);
  const { count, sum } = sumOfRows();
  if ((count !== answer.count || sum !== answer.sum) && !answer.whole) await pullOnce({ whole: true, onCount });
}

async function takeList(answer, onCount) {
  cursor = answer.cursor;
  const about = {
    batches: answer.batches, programmes: answer.programmes, settings: answer.settings, counters: answer.counters,
  };
  const dataAt = Date.parse(answer.now) || Date.now();
  const taken = takeRows(answer.rows, { whole: answer.whole });
  await store.keepRows(answer.whole ? answer.rows : taken, { cursor, about, dataAt }, { whole: answer.whole, onCount });
  change({ ...about, dataAt, problem: null });
}

addEventListener("online", kick);
