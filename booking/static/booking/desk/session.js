// Who is signed in, and the shift: where, at which desk, doing what. A shift never ends with something unsent in it.
import { call, Problem } from "./net.js";
import { forgetPin, setPin } from "./pin.js";
import { change, desk, forgetRows } from "./state.js";
import { forgetDay, setMeta } from "./store.js";
import { pullFrom, takeDay, wholeDay } from "./pulling.js";
import { startSync, stopSync, tryNow } from "./sync.js";
import { allows } from "./rules/roles.js";

/** {me, posts} of whoever is signed in; null when nobody is. Throws Offline. */
export async function whoIsIt() {
  try {
    return await call("GET", "session");
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

export const signIn = (username, password) => call("POST", "session", { username, password });
export const signOut = () => call("DELETE", "session");

/** The shift's person has signed in again, or somebody else has. Returns "" or why the desk does not go on.
 *
 * "no_post": they have none at this site. "not_theirs": what waits was done by somebody else, and they are no supervisor.
 * "other": somebody else may begin a shift, nothing is waiting.
 */
export async function goOn({ me, posts }) {
  const { shift, waiting } = desk;
  const post = posts.find(({ site }) => site === shift.site.code);
  if (!post) return "no_post";
  const theirs = waiting.every((act) => act.by === me.id);
  if (!theirs && !allows(post.roles, "send_for_others")) return "not_theirs";
  if (me.id !== shift.user.id) {
    if (waiting.length === 0) return "other";
    // The number was the other person's own.
    await forgetPin();
  }
  const now = { ...shift, user: me, roles: post.roles };
  await setMeta({ shift: now });
  change({ shift: now, wantsSignIn: false, locked: false, problem: null });
  tryNow();
  return "";
}

/** Begin to work; the list is there when it returns. False: another site was chosen while something waits.
 *
 * Throws Offline and Problem, and then nothing has changed.
 */
export async function beginShift({ me, post, station, name, pin, onCount }) {
  const list = await wholeDay(post.site);
  const before = desk.shift;
  if (before && (before.site.code !== post.site || desk.day !== list.date) && !(await leaveDay())) return false;
  const shift = {
    site: { code: post.site, name: post.name, name_en: post.name_en }, desk: name, station, user: me, roles: post.roles,
  };
  if (pin) await setPin(pin);
  await setMeta({ shift });
  await takeDay(list, onCount);
  change({ shift, starting: true, wantsSignIn: false, locked: false });
  startSync({ onDayOver: leaveShift });
  return true;
}

/** End the shift and delete the day. False while something waits. */
export async function endShift() {
  if (desk.pending > 0 || !(await leaveDay())) return false;
  change({ shift: null });
  await signOut().catch(() => {});
  return true;
}

/** The shift and its day go, unless something of it still waits; then that is sent first. Whoever is signed in stays. */
export async function leaveShift() {
  if (desk.pending === 0 && (await leaveDay())) change({ shift: null });
}

async function leaveDay() {
  if (!(await forgetDay())) return false;
  stopSync();
  pullFrom(null);
  forgetDayInMemory();
  return true;
}

function forgetDayInMemory() {
  forgetRows();
  change({ conflicts: [], dataAt: null, day: null, batches: [], programmes: [], leftover: 0 });
}
