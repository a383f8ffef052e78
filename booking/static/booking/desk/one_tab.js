// One tab works at a time: two would count the same acts and send the same queue.

/** Resolves when this tab may work; `onWait` is called if another one does so now. */
export async function mayWork(onWait) {
  const free = await hold({ ifAvailable: true });
  if (free) return;
  onWait();
  await hold({});
}

function hold(options) {
  return new Promise((resolve) => {
    navigator.locks.request("desk", options, (lock) => {
      resolve(Boolean(lock));
      // Held until the tab is closed.
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}
