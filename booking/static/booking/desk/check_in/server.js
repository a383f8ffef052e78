// What only the server knows: appointments of other days and sites, and how one was cancelled.
import { dayOf } from "../clock.js";
import { call, Offline } from "../net.js";
import { desk, takeRows } from "../state.js";
import { alter, show, theCard } from "./card.js";

const PATIENCE_SECONDS = 6;

function ask({ code, reference, at }) {
  return call("POST", "check-ins", {
    site: desk.shift.site.code, code: code?.payload || reference, desk: desk.shift.desk,
    happened_at: at.toISOString(), offline: false,
  }, { seconds: PATIENCE_SECONDS });
}

/** A code that is not in the list: the server checks in, or says where and when it belongs. */
export async function askAbout(seen, began) {
  const asked = show({ ...seen, result: "asking", reason: "asking", tookMs: 0 });
  let said;
  try {
    said = answered(await ask(seen));
  } catch (error) {
    const offline = error instanceof Offline;
    said = { result: "unknown", reason: offline ? "not_in_list" : error.code, detail: error.detail, offline };
  }
  if (theCard() === asked) show({ ...seen, ...said, tookMs: performance.now() - began });
}

/** The list says that it was cancelled: when and by whom, or that it holds again by now. */
export async function askWhy(shown) {
  let said;
  try {
    said = answered(await ask(shown));
  } catch {
    // What is shown is right, only shorter.
    return;
  }
  if (said.reason === shown.reason) alter(shown, { facts: { ...shown.facts, ...said.facts } });
  else if (theCard() === shown) show({ ...shown, ...said, row: said.row || shown.row, corrected: true });
}

function answered({ result, reason, detail, facts, appointment: row }) {
  // One of another day is not in today's list.
  if (row && dayOf(row.starts_at) === desk.day) takeRows([row]);
  const isIn = result === "ok";
  return { result, reason, detail, facts, row, from: "server", confirmed: isIn, key: isIn ? "server" : null, madeAt: Date.now() };
}
