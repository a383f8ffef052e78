// The server's clock, as far as its answers tell; the device's own may be wrong.
// The city's, wherever the device believes it is.
const ZONE = document.documentElement.dataset.zone;
let aheadMs = 0;

/** How far the device's clock is ahead of the server's, in milliseconds. */
export function clockAhead() {
  return aheadMs;
}

export function deskNow() {
  return new Date(Date.now() - aheadMs);
}

/** The server said that it was `now` at some moment between two times of the device. */
export function learnClock(now, sentAt, receivedAt) {
  const theirs = Date.parse(now);
  if (Number.isNaN(theirs)) return;
  const ahead = Math.round((sentAt + receivedAt) / 2 - theirs);
  // The header counts whole seconds only, so less than that says nothing new.
  if (Math.abs(ahead - aheadMs) > 1000) aheadMs = ahead;
}

/** As it was when the server was last heard: until it is heard again. */
export function setClockAhead(ms) {
  aheadMs = ms || 0;
}

// Made once each: a list of a day asks for hundreds of times at every keystroke of a search.
const formats = new Map();

function parts(at, options) {
  const name = Object.keys(options).join();
  if (!formats.has(name)) formats.set(name, new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, ...options }));
  return formats.get(name).format(new Date(at));
}

/** 09:41 */
export function timeOf(at) {
  return at ? parts(at, { hour: "2-digit", minute: "2-digit" }) : "";
}

/** 2026-11-02 */
export function dayOf(at) {
  return at ? parts(at, { year: "numeric", month: "2-digit", day: "2-digit" }) : "";
}

/** Whole minutes from one moment to another; negative when the other is earlier. */
export function minutesBetween(from, to) {
  return Math.trunc((new Date(to) - new Date(from)) / 60000);
}
