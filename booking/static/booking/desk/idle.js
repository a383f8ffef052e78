// Nobody has touched the desk for ten minutes: it is locked. Also if the page was closed meanwhile.
import { recall, remember } from "./remembered.js";
import { change, desk } from "./state.js";

const IDLE_MS = 10 * 60_000;
const NAME = "desk.touched";
const LOCKED = "desk.locked";

let touched = Date.now();

const note = () => remember(NAME, touched);

function look() {
  if (desk.shift && !desk.locked && Date.now() - touched > IDLE_MS) change({ locked: true });
}

/** A page that is loaded again is as locked as it was. */
export const rememberLock = (locked) => remember(LOCKED, locked ? "yes" : "");

export function startIdle() {
  const last = Number(recall(NAME)) || touched;
  if (desk.shift && (recall(LOCKED) || touched - last > IDLE_MS)) change({ locked: true });
  const touch = () => {
    // Whoever comes back after ten minutes finds it locked, even if the timer slept as long as the device did.
    look();
    if (!desk.locked && Date.now() - touched > 5000) note();
    // Also while it is locked: whoever opens it is here.
    touched = Date.now();
  };
  note();
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, touch, { capture: true, passive: true });
  document.addEventListener("visibilitychange", look);
  setInterval(look, 15_000);
}
