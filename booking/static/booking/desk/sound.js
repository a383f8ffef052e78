// Four results, four sounds and four ways to vibrate: staff hear the result while they look at the person.
import { recall, remember } from "./remembered.js";

const MUTED = "desk.muted";

// [pitch in hertz, begin, length] in seconds.
const TONES = {
  ok: { wave: "sine", notes: [[880, 0, 0.09], [1320, 0.1, 0.14]] },
  wait: { wave: "triangle", notes: [[587, 0, 0.14], [587, 0.22, 0.14]] },
  no: { wave: "square", notes: [[220, 0, 0.3], [185, 0.38, 0.4]] },
  offline: { wave: "sine", notes: [[880, 0, 0.09], [660, 0.12, 0.09], [660, 0.26, 0.05]] },
};
const SHAKES = { ok: [60], wait: [80, 80, 80], no: [300, 100, 300], offline: [60, 60, 30] };
const SOUNDS = Object.keys(TONES);

let context = null;

/** Browsers let a page sound only after a tap: the first one, wherever it is, is enough. */
export function unlockSound() {
  const unlock = () => {
    context ||= window.AudioContext ? new AudioContext() : null;
    // A call, or the screen's lock, may have put it to sleep.
    if (context?.state !== "running") context?.resume().catch(() => {});
  };
  for (const name of ["pointerdown", "keydown"]) window.addEventListener(name, unlock, { capture: true, passive: true });
}

export const isMuted = () => recall(MUTED) === "1";

/** Muted, it still vibrates. */
export const mute = (muted) => remember(MUTED, muted ? "1" : "0");

/** One of SOUNDS: "ok", "wait", "no", "offline". */
export function signal(which) {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(SHAKES[which]);
  if (isMuted() || context?.state !== "running") return;
  const { wave, notes } = TONES[which];
  for (const [pitch, begin, length] of notes) note(wave, pitch, context.currentTime + begin, length);
}

/** All four, one after the other: whether they can be heard in this room. */
export function trySounds() {
  SOUNDS.forEach((which, at) => setTimeout(() => signal(which), at * 1100));
}

function note(wave, pitch, at, length) {
  const [tone, loudness] = [context.createOscillator(), context.createGain()];
  const loud = wave === "square" ? 0.14 : 0.4;
  tone.type = wave;
  tone.frequency.value = pitch;
  // Without a slope at both ends it clicks.
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(loud, at + 0.01);
  loudness.gain.setValueAtTime(loud, at + length - 0.03);
  loudness.gain.linearRampToValueAtTime(0, at + length);
  tone.connect(loudness).connect(context.destination);
  tone.start(at);
  tone.stop(at + length);
}
