// Which of the day's people are shown: by what was typed, by half hour, by how far they are.
import { timeOf } from "../clock.js";
import { plain } from "../scanner/codes.js";

const STATES = {
  all: () => true,
  due: (code) => code === "due" || code === "late",
  late: (code) => code === "late",
  waiting: (code) => code === "arrived" || code === "triaged",
  observed: (code) => code === "observed",
  gone: (code) => ["finished", "not_done"].includes(code),
  out: (code) => ["no_show", "cancelled"].includes(code),
};

/** The rows for a search text, a half hour ("09:00" or "") and a state of STATES; `codeOf(row)` is how far one is. */
export function chosen(list, { text, half, state }, codeOf) {
  const fits = matcher(text);
  return list.filter((row) => fits(row) && (!half || halfOf(row) === half) && STATES[state](codeOf(row)));
}

/** A name or part of one, the last digits of a document, a reference or its beginning. */
export function matcher(text) {
  const wanted = String(text).normalize("NFKC").trim().toLowerCase();
  if (!wanted) return () => true;
  const code = plain(wanted);
  const isNumber = /^\d+x?$/.test(code);
  return (row) =>
    row.name.toLowerCase().includes(wanted) ||
    (isNumber && (String(row.tail).toLowerCase().endsWith(code) || row.reference.startsWith(code) || code.length === 23 && code.slice(1, 13) === row.reference));
}

/** 09:00 or 09:30: the half hour in which somebody's slot begins. */
function halfOf(row) {
  const [hour, minute] = timeOf(row.starts_at).split(":");
  return `${hour}:${Number(minute) < 30 ? "00" : "30"}`;
}

export function halvesOf(list) {
  return [...new Set(list.map(halfOf))].sort();
}
