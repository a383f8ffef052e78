// Keeps the device and the server together while nobody waits for it. Being offline is what the last request said; the
// browser's own opinion is only a reason to try again at once.
import { nowHappened } from "./acts.js";
import { deskNow, dayOf } from "./clock.js";
import { Offline, onAnswer } from "./net.js";
import { pullChanges, pullFrom } from "./pulling.js";
import { greet, sendAll, unstick } from "./sending.js";
import { change, desk } from "./state.js";

const PULL_MS = 10_000;
const LONGEST_MS = 30_000;

let going = false;
let failures = 0;
let sending = null;
let pulling = null;
let sendTimer = 0;
let pullTimer = 0;
let dayOver = () => {};

const jitter = (ms) => ms * (0.8 + Math.random() * 0.4);
const pause = () => jitter(Math.min(1000 * 2 ** failures, LONGEST_MS));

/** Begin; `from` is the cursor of the list on the device. `onDayOver` hears when another day has begun. */
export function startSync({ from, onDayOver }) {
  if (from !== undefined) pullFrom(from);
  if (onDayOver) dayOver = onDayOver;
  going = true;
  greet().catch(() => {});
  tryNow();
}

export function stopSync() {
  going = false;
  clearTimeout(sendTimer);
  clearTimeout(pullTimer);
}

/** Try everything again at once. Returns when it was tried. */
export function tryNow() {
  if (!going || desk.wantsSignIn) return Promise.resolve();
  failures = 0;
  unstick();
  return Promise.all([sendNow(), pullNow()]);
}

/** Send what waits. Returns when it was tried; never throws. */
export function sendNow() {
  if (!going || desk.wantsSignIn || desk.pending === 0) return Promise.resolve();
  clearTimeout(sendTimer);
  sending ??= trySending().finally(() => {
    sending = null;
    const open = desk.waiting.filter((act) => !act.stuck);
    if (going && open.length > 0) sendTimer = setTimeout(sendNow, untilNextTry(open));
  });
  return sending;
}

// What was done meanwhile goes at once; what has been tried waits the longer the oftener it was.
function untilNextTry(open) {
  if (!desk.online) return pause();
  if (desk.problem) return jitter(LONGEST_MS);
  return jitter(Math.min(500 * (2 ** Math.min(...open.map((act) => act.tries)) - 1), LONGEST_MS));
}

async function trySending() {
  try {
    await sendAll();
    change({ problem: null });
  } catch (error) {
    if (error instanceof Offline) await nowHappened(desk.waiting);
    else change({ problem: error.detail || error.message });
  }
}

function pullNow() {
  clearTimeout(pullTimer);
  pulling ??= tryPulling().finally(() => {
    pulling = null;
    if (going) pullTimer = setTimeout(pullNow, desk.online ? jitter(PULL_MS) : pause());
  });
  return pulling;
}

async function tryPulling() {
  if (!going || desk.wantsSignIn) return;
  try {
    const sameDay = await pullChanges();
    if (!sameDay && going) await dayOver();
  } catch (error) {
    if (!(error instanceof Offline)) change({ problem: error.detail || error.message });
  }
}

onAnswer((answered, problem) => {
  const back = answered && !desk.online;
  failures = answered ? 0 : failures + 1;
  change({ online: answered, lastTry: deskNow().getTime() });
  const signedOut = problem?.status === 401 && problem.code !== "wrong_password";
  if (signedOut && desk.shift) change({ wantsSignIn: true });
  if (back) setTimeout(sendNow);
});

/** Whether the device still holds another day than today. */
export const isOldDay = (day) => Boolean(day) && day !== dayOf(deskNow());

addEventListener("online", tryNow);
addEventListener("offline", () => tryNow());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && tryNow());
