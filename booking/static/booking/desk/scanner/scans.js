// Where codes arrive, from whichever scanner, and who gets them: the screen that asked last, else the check-in.
import { useLayoutEffect, useRef } from "../html.js";
import { readCode } from "./codes.js";

// A code in front of the camera is read eight times a second and is one scan; so is a double pull of a trigger.
const SAME_FOR = 4000;
const SAME_TRIGGER_FOR = 1000;

const takers = [];
let last = { text: "", at: 0 };

/** A code was read. `how` is "camera" or "typed". */
export function scanned(text, how) {
  const now = Date.now();
  const same = last.text === text && now - last.at < (how === "camera" ? SAME_FOR : SAME_TRIGGER_FOR);
  // As long as it stays in front of the camera, it is the same scan.
  last = { text, at: now };
  if (same) return;
  const code = readCode(text);
  for (const taker of [...takers].reverse()) {
    if (taker(code, how) !== false) return;
  }
}

/** The same code may come again at once: what came of it was undone or closed. */
export function forgetLastScan() {
  last = { text: "", at: 0 };
}

/** Give codes to `take(code, how)` from now on; it returns false for what is not for it. Returns how to end that. */
export function takeScans(take) {
  takers.push(take);
  return () => takers.splice(takers.indexOf(take), 1);
}

/** While this screen is shown, codes come to it. */
export function useScans(take) {
  const latest = useRef(take);
  latest.current = take;
  // Before the screen is seen: whoever sees it may scan at once.
  useLayoutEffect(() => takeScans((code, how) => latest.current(code, how)), []);
}
