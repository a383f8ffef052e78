// Acts: what is done at this desk. An act is written on the device before the screen says that it is done, and sent
// at once; nobody waits for the network.
//
// Offline means: it has happened without an answer. An act is that from the start when the last request got no
// answer, and becomes it when its own answer has not come within four seconds. From then on it is never refused.
import { deskNow } from "./clock.js";
import { noteDevice } from "./device.js";
import { change, desk, rowOf, takeWaiting } from "./state.js";
import { addAct, putActs, takeAnswers } from "./store.js";
import { t } from "./words.js";

const PATIENCE_MS = 4000;
// These give out a place that only the server can give: without its answer they have not happened.
const ONLINE_ONLY = ["bring_forward", "walk_in"];
const HAPPENED = { outcome: "offline", code: "", facts: {} };
const open = new Map(); // key -> what to do with its answer
let send = () => {};
let device = "";
let sequence = 0;
let lastKeys = new Map(); // reference -> key of the last act about it
let turn = Promise.resolve();

/** Set up from what the store has kept. `sender` is called when there is something to send. */
export function startActs({ deviceId, lastSequence, acts, sender }) {
  device = deviceId;
  sequence = lastSequence;
  send = sender;
  const counting = acts.filter((act) => act.outcome !== "refused");
  lastKeys = new Map(counting.map((act) => [act.reference, act.key]));
  takeWaiting(acts.filter((act) => act.state !== "answered"));
  // They were shown as done before the page was loaded anew.
  return nowHappened(desk.waiting);
}

export const deviceId = () => device;
export const lastSequence = () => sequence;

/** The server knows a higher sequence of this device than the device does: count on from there. */
export function countFrom(known) {
  sequence = Math.max(sequence, known);
}

/** Do something. Returns {local: the row after it, answered: Promise of the answer}.
 *
 * `answered` resolves with the server's answer {outcome, code, detail, facts, row}, or, when there is none in time,
 * with {outcome: "offline"}: it then counts as happened, and what the server says later comes as a conflict at most.
 * What only the server can do is refused instead, with the code "offline".
 */
export function act(kind, reference, data = {}) {
  // One after the other, so that their order is the order of their sequence.
  const done = turn.then(() => write(kind, reference, data));
  turn = done.catch(() => {});
  return done;
}

async function write(kind, reference, data) {
  const { shift } = desk;
  if (ONLINE_ONLY.includes(kind) && !desk.online) {
    return { key: null, local: rowOf(reference), answered: Promise.resolve(needsNetwork()) };
  }
  const made = {
    key: crypto.randomUUID(),
    device,
    sequence: sequence + 1,
    after: lastKeys.get(reference) || null,
    kind,
    reference,
    happened_at: deskNow().toISOString(),
    offline: !desk.online,
    desk: shift.desk,
    by: shift.user.id,
    by_name: shift.user.name,
    data,
    site: shift.site.code,
    state: "waiting",
    tries: 0,
  };
  try {
    await addAct(made);
  } catch (error) {
    // It was not done, and whoever did it has to know.
    change({ broken: true });
    throw error;
  }
  sequence = made.sequence;
  noteDevice({ id: device, sequence, pending: desk.pending + 1 });
  if (reference) lastKeys.set(reference, made.key);
  takeWaiting([...desk.waiting, made], reference);
  const answered = new Promise((resolve) => open.set(made.key, resolve));
  if (made.offline) settle(made.key, HAPPENED);
  else setTimeout(() => happened(made), PATIENCE_MS);
  send();
  return { key: made.key, local: rowOf(reference), answered };
}

/** Tell whoever waits for an act what has come of it. */
export function settle(key, answer) {
  open.get(key)?.(answer);
  open.delete(key);
}

async function happened(made) {
  if (!open.has(made.key)) return;
  // So slow that the next one need not wait for it too.
  change({ online: false });
  await nowHappened([made]);
}

/** These have been shown as done without an answer, so they have happened. */
export async function nowHappened(acts) {
  const keys = new Set(acts.map(({ key }) => key));
  const known = desk.waiting.filter((act) => !act.offline && keys.has(act.key));
  const facts = known.filter((act) => !ONLINE_ONLY.includes(act.kind));
  for (const act of facts) act.offline = true;
  await putActs(facts);
  for (const act of facts) settle(act.key, HAPPENED);
  for (const act of known) if (ONLINE_ONLY.includes(act.kind)) await withdraw(act);
}

const needsNetwork = () => ({
  outcome: "refused", code: "offline", facts: {}, row: null, detail: t("网断了。这件事要联网才能办，请联网后再试。"),
});

// It may have arrived all the same: then the list says so soon.
async function withdraw(act) {
  const next = unchain(act, desk.waiting);
  await takeAnswers({ acts: next, gone: [act.sequence] });
  takeWaiting(desk.waiting.filter(({ key }) => key !== act.key), act.reference);
  settle(act.key, needsNetwork());
}

/** An act was refused, so it never was: what was to come after it comes after what was before it. */
export function unchain(refused, waiting) {
  const next = waiting.filter((act) => act.after === refused.key);
  for (const act of next) act.after = refused.after;
  if (lastKeys.get(refused.reference) === refused.key) {
    if (refused.after) lastKeys.set(refused.reference, refused.after);
    else lastKeys.delete(refused.reference);
  }
  return next;
}
