// The card: what came of the last check-in, as the result screen shows it. There is one at a time.
//
// {code, how, reference, row, result, reason, facts, look, offline, from: "list" | "server", at, madeAt, tookMs, key,
// confirmed, corrected, undone, detail}
import { useEffect, useState } from "../html.js";
import { signal } from "../sound.js";
import { desk } from "../state.js";

let card = null;
const listeners = new Set();

/** The card, and to be drawn again when it changes. */
export function useCard() {
  const [, draw] = useState(0);
  useEffect(() => {
    const listener = () => draw((count) => count + 1);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, []);
  // A card is of the shift in which it was made.
  return card?.by === desk.shift?.user.id ? card : null;
}

export const theCard = () => card;

const LOOKS = { ok: "ok", wrong_time: "wait", refused: "no", unknown: "no" };

function lookOf({ result, reason, offline }) {
  if (result === "asking") return "asking";
  if (offline && (result === "ok" || reason === "not_in_list")) return "off";
  return LOOKS[result] || "no";
}

/** Show another card, with its sound. Returns it. */
export function show(facts) {
  card = { facts: {}, from: "list", confirmed: false, corrected: false, undone: false, madeAt: Date.now(), ...facts, by: desk.shift.user.id };
  card.look = lookOf(card);
  if (card.look !== "asking") signal(card.look === "off" ? "offline" : card.look);
  tell();
  return card;
}

/** More is known of this card; nothing happens if another is shown by now. `loud`: with the sound of its look. */
export function alter(shown, facts, { loud = false } = {}) {
  if (card !== shown) return;
  Object.assign(card, facts);
  card.look = lookOf(card);
  if (loud) signal(card.look === "off" ? "offline" : card.look);
  tell();
}

function tell() {
  for (const listener of listeners) listener();
}
