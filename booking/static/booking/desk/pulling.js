// Fetches the day's list: whole at the start of a shift, afterwards what has changed.
import { clockAhead } from "./clock.js";
import { atSite, call } from "./net.js";
import { answersTaken } from "./sending.js";
import { change, desk, serverRows, sumOfRows, takeRows } from "./state.js";
import { keepRows, setMeta } from "./store.js";

let cursor = null;

export function pullFrom(kept) {
  cursor = kept || null;
}

const ask = (site, since) =>
  call("GET", `${atSite("day-list", site)}${since ? `&since=${encodeURIComponent(since)}` : ""}`, undefined, {
    seconds: since ? 15 : 60,
  });

/** The whole list of a site, not yet taken. */
export const wholeDay = (site) => ask(site, null);

/** What has changed; the whole list where that does not add up. Returns false when another day has begun. */
export async function pullChanges() {
  const { site } = desk.shift;
  const before = answersTaken();
  const answer = await ask(site.code, cursor);
  if (desk.shift?.site.code !== site.code) return true;
  if (desk.day && answer.date !== desk.day) return false;
  await takeDay(answer);
  if (answer.whole || answersTaken() !== before || addsUp(answer)) return true;
  await takeDay(await wholeDay(site.code));
  return true;
}

/** Take a list; `onCount(there, all)` hears how it comes onto the device. */
export async function takeDay(answer, onCount = () => {}) {
  cursor = answer.cursor;
  const { batches, programmes, settings } = answer;
  const about = { batches, programmes, settings, leftover: answer.counters.leftover };
  const dataAt = Date.parse(answer.now);
  const facts = { ...about, dataAt, day: answer.date };
  change(facts);
  const taken = takeRows(answer.rows, { whole: answer.whole });
  const rows = answer.whole ? serverRows() : taken;
  await keepRows(rows, { cursor, about, dataAt, day: answer.date, clockAhead: clockAhead() }, {
    whole: answer.whole, onCount: (count) => onCount(count, rows.length),
  });
  await takeRoles(answer.roles);
}

async function takeRoles(roles) {
  const { shift } = desk;
  if (!shift || !roles || roles.join() === shift.roles.join()) return;
  const now = { ...shift, roles };
  await setMeta({ shift: now });
  change({ shift: now });
}

function addsUp({ count, sum }) {
  const ours = sumOfRows();
  return ours.count === count && ours.sum === sum;
}
