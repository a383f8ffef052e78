// The queue as a file, for a device that is about to fail: enough to enter by hand what was done. No names, nothing about
// anybody's health and nothing that was written freely: those stay on the device and go only to the server.
import { wireOf } from "./sending.js";
import { desk } from "./state.js";

const PLAIN = ["how", "accept_time", "batch", "body_site", "route", "what"];

function plain(act) {
  const data = Object.fromEntries(PLAIN.filter((name) => name in act.data).map((name) => [name, act.data[name]]));
  return { ...wireOf(act), site: act.site, data };
}

/** Let the browser save what waits. */
export function saveQueue() {
  const { shift, waiting } = desk;
  const content = { site: shift.site.code, desk: shift.desk, acts: waiting.map(plain) };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }));
  link.download = `desk-${shift.site.code}-${new Date().toISOString().slice(0, 16).replace(/\D/g, "")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
