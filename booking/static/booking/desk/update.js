// Keeps the page on the device, and takes a new version when it suits: never by surprise, never over an unsent act.
import { change } from "./state.js";

const LOOK_MS = 30 * 60_000;
let registration = null;
let asked = false;

export async function startUpdates() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => asked && location.reload());
  navigator.serviceWorker.ready.then(() => change({ offlineReady: true }));
  try {
    registration = await navigator.serviceWorker.register("/desk/sw.js", { scope: "/desk/" });
  } catch {
    // The page works as long as it is open; the shift's start says that it would not open again without the network.
    return;
  }
  registration.addEventListener("updatefound", () => follow(registration.installing));
  if (registration.waiting) tell();
  setInterval(() => registration.update().catch(() => {}), LOOK_MS);
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
