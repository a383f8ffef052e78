// Scanners that type: a burst of digits, with or without Enter at the end. Listened for on every screen.
// Through an input method the digits come as full-width ones, as text only, or as keys without a character, so both the
// keys and the text are gathered, and whichever makes sense at the end counts. What somebody types into a field by hand
// is slower than any scanner and stays where it is.
import { readCode } from "./codes.js";

// Between two signs in a field, and where nobody can be typing; until a scanner without Enter is done. Milliseconds.
const IN_A_FIELD = 60;
const ELSEWHERE = 200;
const DONE_AFTER = 120;
const LONGEST = 200;

let burst = null;
let composing = null;
let timer = 0;
let tell = () => {};

/** Call `found(text)` for each code that a scanner types, until the returned function is called. */
export function listenForScanners(found) {
  tell = found;
  const listeners = { keydown, beforeinput, compositionstart, compositionend };
  for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener, true);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name, listener, true);
    forget();
  };
}

function keydown(event) {
  if (event.key === "Enter" || event.key === "Tab") return finishedBy(event);
  const sign = signOf(event);
  if (sign !== null) add("keys", sign, event, event.timeStamp);
}

// GS, which parts the fields of a box's code, is typed as Ctrl and ] or as F8.
function signOf(event) {
  if (event.key === "F8" || (event.ctrlKey && event.code === "BracketRight")) return "\u001d";
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return null;
  if ([...event.key].length === 1) return event.key;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code || "");
  return digit && !event.shiftKey ? digit[1] : null;
}

function beforeinput(event) {
  if (event.isComposing || event.inputType !== "insertText" || !event.data) return;
  add("text", event.data, event, event.timeStamp);
}

function compositionstart(event) {
  composing = { at: event.timeStamp, before: fieldOf(event.target)?.value ?? "" };
}

// An input method gives what was typed all at once: whether a scanner did it, the time it took shows.
function compositionend(event) {
  const [began, text] = [composing, event.data || ""];
  composing = null;
  if (!began || !text || (event.timeStamp - began.at) / text.length > IN_A_FIELD) return;
  add("text", text, event, began.at, began.before);
}

function add(where, sign, event, began, before) {
  const field = fieldOf(event.target);
  const longest = field ? IN_A_FIELD : ELSEWHERE;
  if (burst && (burst.field !== field || began - burst.at > longest || burst.keys.length > LONGEST)) forget();
  if (!burst) burst = { keys: "", text: "", field, before: before ?? field?.value ?? "" };
  burst[where] += sign;
  burst.at = event.timeStamp;
  clearTimeout(timer);
  timer = setTimeout(finished, DONE_AFTER);
}

// A field that scans on its own account says so.
function fieldOf(target) {
  const field = target instanceof Element ? target.closest("input, textarea") : null;
  return field && !/^(?:button|checkbox|radio|submit|range|file)$/.test(field.type) ? field : null;
}

function finishedBy(event) {
  const late = burst && event.timeStamp - burst.at > (burst.field ? 2 * IN_A_FIELD : ELSEWHERE);
  if (late) return forget();
  if (!finished()) return;
  // The Enter is the scanner's, not a press on whatever button has the focus.
  event.preventDefault();
  event.stopPropagation();
}

function finished() {
  const done = burst;
  forget();
  if (!done || (done.field && "scans" in done.field.dataset)) return false;
  const text = [done.keys, done.text].find((one) => isScan(one, done.field));
  if (!text) return false;
  if (done.field) giveBack(done.field, done.before);
  tell(text);
  return true;
}

function isScan(text, field) {
  if (text.length < 12) return false;
  const { kind, digits } = readCode(text);
  // Into a field only what is certainly ours or a box's is taken from; elsewhere a wrong code is worth a word.
  return kind === "foreign" ? !field && digits.length >= 12 : kind !== "wrong" || !field || digits.length === 23;
}

function giveBack(field, before) {
  // As a person's own change, so that the screen that holds the field hears of it.
  const owner = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(owner.prototype, "value").set.call(field, before);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function forget() {
  clearTimeout(timer);
  burst = null;
}
