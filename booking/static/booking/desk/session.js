// Who is signed in, and the shift: where, at which desk, doing what. A shift never ends with something unsent in it.
import { chooseLanguage } from "./preferences.js";
import { call, Problem } from "./net.js";
import { forgetPin, setPin } from "./pin.js";
import { change, desk, forgetRows } from "./state.js";
import { forgetDay, setMeta } from "./store.js";
import { resumeSync, startSync, stopSync } from "./sync.js";
import { allows } from "./rules/roles.js";

export { chooseLanguage };

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
  resumeSync();
  return "";
}

/** Begin to work; the list is there when it returns. False: another site was chosen while something waits. */
export async function beginShift({ me, post, station, name, pin, onCount }) {
  const before = desk.shift;
  if (before && before.site.code !== post.site && !(await leaveDay())) return false;
  const shift = {
    site: { code: post.site, name: post.name, name_en: post.name_en }, desk: name, station, user: me, roles: post.roles,
  };
  if (pin) await setPin(pin);
  await setMeta({ shift });
  change({ shift, starting: true, wantsSignIn: false, locked: false });
  await startSync({ onCount });
  return true;
}

/** End the shift and delete the day. False while something waits. */
export async function endShift() {
  if (desk.pending > 0 || !(await leaveDay())) return false;
  change({ shift: null });
  await signOut().catch(() => {});
  return true;
}

async function leaveDay() {
  stopSync();
  if (!(await forgetDay())) return false;
  forgetRows();
  change({ conflicts: [], dataAt: null, counters: {}, batches: [], programmes: [] });
  return true;
}
