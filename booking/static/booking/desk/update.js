// Keeps the page on the device, and takes a new version when it suits: never by surprise, never over an unsent act.
import { change } from "./state.js";

const LOOK_MS = 30 * 60_000;
let registration = null;
let asked = false;

/** Have the page kept. Returns when it is, or when this browser turns out not to keep it. */
export async function startUpdates() {
  const { serviceWorker } = navigator;
  try {
    registration = await serviceWorker.register("/desk/sw.js", { scope: "/desk/" });
    serviceWorker.addEventListener("controllerchange", () => asked && location.reload());
    registration.addEventListener("updatefound", () => follow(registration.installing));
  } catch {
    // Not known to this browser, forbidden in it, or not to be had now. The page works as long as it is open.
    change({ cannotBeKept: true });
    return;
  }
  if (registration.waiting) tell();
  setInterval(() => registration.update().catch(() => {}), LOOK_MS);
  const { active } = await serviceWorker.ready;
  change({ offlineReady: true });
  // It could not be had the last time, perhaps.
  active.postMessage("keep the reader");
}

function follow(worker) {
  worker?.addEventListener("statechange", () => worker.state === "installed" && tell());
}

function tell() {
  // The very first one replaces nothing.
  if (navigator.serviceWorker.controller) change({ newVersion: true });
}

/** Change to the new version; the page loads anew. */
export function takeNewVersion() {
  asked = true;
  registration?.waiting?.postMessage("take over");
}
