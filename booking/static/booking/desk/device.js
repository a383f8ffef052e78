// Which device this is, and whether the browser has thrown away what it kept. A few words about it stand outside the
// database, so that a device that lost one of the two can say so.
import { recall, remember } from "./remembered.js";
import { getMeta, setMeta } from "./store.js";

const NAME = "desk.device";

/** {id, sequence, lost}: `lost` is null or {pending, at}, what was there the last time. */
export async function thisDevice() {
  const id = await getMeta("device");
  const sequence = (await getMeta("sequence")) || 0;
  const noted = note();
  if (id) return { id, sequence, lost: null };
  const known = noted || { id: crypto.randomUUID(), sequence: 0 };
  await setMeta({ device: known.id, sequence: known.sequence });
  return { id: known.id, sequence: known.sequence, lost: noted && noted.at ? { pending: noted.pending, at: noted.at } : null };
}

/** Note outside the database how it stands. */
export function noteDevice({ id, sequence, pending }) {
  remember(NAME, JSON.stringify({ id, sequence, pending, at: Date.now() }));
}

function note() {
  try {
    return JSON.parse(recall(NAME));
  } catch {
    return null;
  }
}
