// The device's own database. What stands here survives a reload, a dead battery and a night without network.
import { openDB } from "./vendor/idb.js";

const STORES = ["meta", "rows", "acts", "conflicts"];
let database;

export async function openStore() {
  database = await openDB("desk", 1, {
    upgrade(opened) {
      opened.createObjectStore("meta");
      opened.createObjectStore("rows", { keyPath: "reference" });
      opened.createObjectStore("acts", { keyPath: "sequence" });
      opened.createObjectStore("conflicts", { keyPath: "key" });
    },
    // Another tab wants to change the database: let it, this page is loaded anew afterwards.
    blocking: (_now, _wanted, event) => event.target.close(),
  });
  await keepIt();
}

async function keepIt() {
  try {
    await navigator.storage?.persist?.();
  } catch {
    // It may say no; the queue is sent as soon as it can be anyway.
  }
}

export const getMeta = (name) => database.get("meta", name);

export async function setMeta(facts) {
  const work = database.transaction("meta", "readwrite");
  for (const [name, value] of Object.entries(facts)) work.store.put(value, name);
  await work.done;
}

export const allRows = () => database.getAll("rows");

/** Keep rows, with the cursor they belong to; `onCount(n)` hears how many are there. */
export async function keepRows(rows, meta, { whole = false, onCount = () => {} } = {}) {
  const work = database.transaction(["rows", "meta"], "readwrite");
  if (whole) work.objectStore("rows").clear();
  let count = 0;
  for (const row of rows) {
    work.objectStore("rows").put(row);
    count += 1;
    if (count % 20 === 0) onCount(count);
  }
  for (const [name, value] of Object.entries(meta)) work.objectStore("meta").put(value, name);
  await work.done;
  onCount(count);
}

/** All acts of the day, in order, those without an answer among them. */
export const allActs = () => database.getAll("acts");

/** Write a new act and the sequence it has used in one go: both, or it was not done. */
export async function addAct(act) {
  const work = database.transaction(["acts", "meta"], "readwrite", { durability: "strict" });
  work.objectStore("acts").add(act);
  work.objectStore("meta").put(act.sequence, "sequence");
  await work.done;
}

export async function putActs(acts) {
  const work = database.transaction("acts", "readwrite");
  for (const act of acts) work.store.put(act);
  await work.done;
}

/** What an answer brings, in one go: acts as they are now, acts that are gone, rows, conflicts. */
export async function takeAnswers({ acts = [], gone = [], rows = [], conflicts = [] }) {
  const work = database.transaction(["acts", "rows", "conflicts"], "readwrite");
  for (const act of acts) work.objectStore("acts").put(act);
  for (const sequence of gone) work.objectStore("acts").delete(sequence);
  for (const row of rows) work.objectStore("rows").put(row);
  for (const conflict of conflicts) work.objectStore("conflicts").put(conflict);
  await work.done;
}

export const allConflicts = () => database.getAll("conflicts");
export const dropConflict = (key) => database.delete("conflicts", key);

/** Delete everything of a day. Refused while something waits to be sent. */
export async function forgetDay() {
  const work = database.transaction(STORES, "readwrite");
  const acts = await work.objectStore("acts").getAll();
  if (acts.some((act) => act.state !== "answered")) {
    work.abort();
    await work.done.catch(() => {});
    return false;
  }
  for (const name of ["rows", "acts", "conflicts"]) work.objectStore(name).clear();
  // Which device this is and how far it has counted stay.
  for (const name of ["shift", "cursor", "day", "about", "dataAt", "pin"]) work.objectStore("meta").delete(name);
  await work.done;
  return true;
}
