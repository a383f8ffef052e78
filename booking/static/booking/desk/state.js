// What the desk knows now. Screens read it with useDesk() and are drawn again when it changes.
// A row is the server's row with the acts on it that the server has not answered yet.
import { useEffect, useState } from "./html.js";
import { effect } from "./effects.js";
import { allows } from "./rules/roles.js";

export { deskNow } from "./clock.js";

export const desk = {
  shift: null, // {site, desk, station, user, roles, day}
  rows: new Map(),
  list: [],
  batches: [],
  programmes: [],
  settings: {},
  leftover: 0,
  day: null,
  online: navigator.onLine,
  pending: 0,
  waiting: [], // acts without an answer, in order
  conflicts: [],
  dataAt: null,
  lastTry: null,
  problem: null, // why the last try to send failed, in words
  wantsSignIn: false,
  locked: false,
  starting: false, // the shift has begun, the first person has not
  lost: null, // what a device that lost its storage still knows about it
  broken: false, // the device could not keep what was just done
  newVersion: false,
  offlineReady: false, // the page opens without the network
  cannotBeKept: false, // and never will in this browser
};

const listeners = new Set();
const fromServer = new Map();
let told = false;

/** The desk's state, and to be drawn again whenever it changes. */
export function useDesk() {
  const [, draw] = useState(0);
  useEffect(() => {
    const listener = () => draw((count) => count + 1);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, []);
  return desk;
}

export function change(facts) {
  Object.assign(desk, facts);
  tell();
}

function tell() {
  if (told) return;
  told = true;
  queueMicrotask(() => {
    told = false;
    for (const listener of listeners) listener();
  });
}

export function rowOf(reference) {
  return desk.rows.get(reference) || null;
}

/** The row that a scanned code belongs to; null when it is on nobody's of this list. */
export async function rowByCode(payload) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(payload));
  const hash = [...new Uint8Array(bytes)].slice(0, 8).map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const row = rowOf(payload.slice(1, 13));
  if (row && row.code_hash === hash) return row;
  return desk.list.find((other) => other.code_hash === hash) || null;
}

/** Whether the person who is signed in may do this here. */
export function may(what) {
  return Boolean(desk.shift) && allows(desk.shift.roles, what);
}

/** All rows as the server last told them. */
export const serverRows = () => [...fromServer.values()];

/** Take rows from the server. An older version never replaces a newer one. */
export function takeRows(rows, { whole = false } = {}) {
  const newer = rows.filter((row) => (fromServer.get(row.reference)?.version ?? -1) <= row.version);
  if (whole) {
    const named = new Set(rows.map((row) => row.reference));
    for (const reference of fromServer.keys()) {
      if (!named.has(reference)) fromServer.delete(reference);
    }
  }
  for (const row of newer) fromServer.set(row.reference, row);
  redraw(whole ? null : newer.map((row) => row.reference));
  return newer;
}

/** The acts that wait for an answer have changed. */
export function takeWaiting(waiting, reference) {
  desk.waiting = waiting;
  desk.pending = waiting.length;
  redraw(reference === undefined ? null : [reference]);
}

/** How the day stands, by the list and what was done here since. */
export function countersNow() {
  const expected = desk.list.filter((row) => row.status !== "cancelled");
  const come = desk.list.map((row) => row.visit?.status).filter(Boolean);
  return {
    arrived: come.length,
    due: expected.length,
    waiting: come.filter((status) => status === "arrived" || status === "triaged").length,
    observed: come.filter((status) => status === "in_progress").length,
    leftover: desk.leftover,
  };
}

/** How many rows there are and what their versions add up to: equal to the server's, or the list is wrong. */
export function sumOfRows() {
  let sum = 0;
  for (const row of fromServer.values()) sum += row.version;
  return { count: fromServer.size, sum };
}

export function forgetRows() {
  fromServer.clear();
  redraw(null);
}

function redraw(references) {
  if (references === null) desk.rows = new Map();
  for (const reference of references ?? fromServer.keys()) {
    const row = fold(reference);
    if (row) desk.rows.set(reference, row);
  }
  desk.list = [...desk.rows.values()].sort(
    (one, other) => one.starts_at.localeCompare(other.starts_at) || one.name.localeCompare(other.name, "zh"),
  );
  tell();
}

function fold(reference) {
  const row = fromServer.get(reference);
  if (!row) return null;
  return desk.waiting
    .filter((act) => act.reference === reference)
    .reduce((before, act) => effect(before, act, desk.settings), row);
}
