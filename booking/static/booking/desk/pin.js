// The short number that opens the desk again after a pause. Kept only as what it was stretched to, and gone after five
// wrong tries: then the password is asked for.
import { getMeta, setMeta } from "./store.js";

const ROUNDS = 300_000;
const TRIES = 5;

async function stretched(pin, salt) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, key, 256);
  return [...new Uint8Array(bits)].join();
}

export async function setPin(pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  await setMeta({ pin: { salt, stretched: await stretched(pin, salt), tries: TRIES } });
}

export const forgetPin = () => setMeta({ pin: null });

/** How many tries are left; 0 where none is set. */
export async function triesLeft() {
  return (await getMeta("pin"))?.tries ?? 0;
}

/** Try it: {right, left}. A try is counted before it is compared, so that closing the page gives none back. */
export async function tryPin(pin) {
  const kept = await getMeta("pin");
  if (!kept || kept.tries < 1) return { right: false, left: 0 };
  await setMeta({ pin: { ...kept, tries: kept.tries - 1 } });
  const right = (await stretched(pin, kept.salt)) === kept.stretched;
  if (right) await setMeta({ pin: { ...kept, tries: TRIES } });
  return { right, left: right ? TRIES : kept.tries - 1 };
}
