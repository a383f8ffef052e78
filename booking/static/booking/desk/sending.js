// Sends what waits, in order. Each act is answered by itself; nothing of a batch stops the rest, and nothing is dropped.
import { countFrom, deviceId, lastSequence, nowHappened, settle, unchain } from "./acts.js";
import { timeOf } from "./clock.js";
import { noteDevice } from "./device.js";
import { call, Problem } from "./net.js";
import { change, desk, takeRows, takeWaiting } from "./state.js";
import { allConflicts, putActs, takeAnswers } from "./store.js";

const BATCH = 50;
// The server understood the request and cannot take it: one act among them is to blame, not the network.
const UNREADABLE = [400, 413, 422];
const WIRE = ["key", "device", "sequence", "after", "kind", "reference", "happened_at", "offline", "desk", "by", "data"];

let answered = 0;

/** How many answers have been taken: rows have changed when it has. */
export const answersTaken = () => answered;

/** As it goes over the wire: what the server has to know of an act. */
export function wireOf(act) {
  return Object.fromEntries(WIRE.map((name) => [name, act[name]]));
}

/** Send everything that waits, once. Throws Offline, or the Problem that concerns all of it. */
export async function sendAll() {
  let last = 0;
  let size = BATCH;
  for (;;) {
    const batch = ofOneSite(desk.waiting.filter((act) => act.sequence > last && !act.stuck)).slice(0, size);
    if (batch.length === 0) return;
    const sent = batch.map(wireOf);
    try {
      await take(batch, sent, await post(batch[0].site, sent, desk.waiting.length - batch.length));
      last = batch.at(-1).sequence;
    } catch (error) {
      if (!(error instanceof Problem) || !UNREADABLE.includes(error.status)) throw error;
      if (batch.length === 1) await stick(batch[0], error);
      size = 1;
    }
  }
}

/** Tell the server that this device is here, and learn how far it knows its acts. */
export const greet = () => post(desk.shift.site.code, [], desk.waiting.length);

// An act belongs to the site where it was done, wherever the device is now.
function ofOneSite(acts) {
  const other = acts.findIndex((act) => act.site !== acts[0].site);
  return other === -1 ? acts : acts.slice(0, other);
}

async function post(site, acts, pending) {
  const answer = await call("POST", "acts", {
    site, desk: desk.shift.desk, device: deviceId(), pending, clock: new Date().toISOString(), acts,
  });
  if (answer.last_sequence > lastSequence()) {
    // It was more than this device knows of: what it kept is gone.
    const { known } = answer;
    if (!desk.lost) change({ lost: { pending: known.pending, time: timeOf(known.seen_at) } });
    countFrom(answer.last_sequence);
  }
  return new Map(answer.results.map((result) => [result.key, result]));
}

async function take(batch, sent, answers) {
  const gone = [];
  const kept = { acts: [], rows: [], conflicts: [] };
  for (const [at, act] of batch.entries()) {
    const answer = answers.get(act.key);
    act.tries += 1;
    if (isOpen(act, sent[at], answer)) {
      act.why = answer?.detail || "";
      // It cannot be read there: as it is, it would be sent for ever.
      if (answer?.code === "invalid") Object.assign(act, { stuck: true, offline: true });
      kept.acts.push(act);
      continue;
    }
    gone.push(act);
    // What was answered, most of all about health, need not lie on the device any longer.
    const done = { ...act, data: {}, state: "answered", outcome: answer.outcome };
    kept.acts.push(done);
    if (answer.row) kept.rows.push(answer.row);
    if (isForAPerson(act, answer)) kept.conflicts.push({ key: act.key, act: done, answer: { ...answer, row: null } });
    else if (answer.outcome === "refused") kept.acts.push(...unchain(act, desk.waiting));
  }
  await takeAnswers(kept);
  answered += gone.length;
  takeRows(kept.rows);
  const keys = new Set(gone.map((act) => act.key));
  takeWaiting(desk.waiting.filter((act) => !keys.has(act.key)));
  noteDevice({ id: deviceId(), sequence: lastSequence(), pending: desk.pending });
  if (kept.conflicts.length > 0) change({ conflicts: await allConflicts() });
  for (const act of gone) settle(act.key, answers.get(act.key));
}

// It stays in the queue: no last word was said about it, or it was said of something that has become a fact since.
function isOpen(act, sent, answer) {
  if (!answer || answer.outcome === "not_yet" || answer.outcome === "error") return true;
  return answer.outcome === "refused" && act.offline && (!sent.offline || answer.code === "invalid");
}

function isForAPerson(act, { outcome }) {
  return outcome === "conflict" || (outcome === "refused" && act.offline);
}

async function stick(act, error) {
  await nowHappened([act]);
  Object.assign(act, { stuck: true, why: error.detail });
  await putActs([act]);
  takeWaiting(desk.waiting);
}

/** Try those again that the server could not read. */
export function unstick() {
  for (const act of desk.waiting) delete act.stuck;
}
