// Which screen is open stands behind the # of the address, so that back and reload work as everywhere.
const listeners = new Set();

export function where() {
  const [name, ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  return { name: name || "scan", argument: rest.map(decodeURIComponent).join("/") };
}

export function addressOf(name, argument = "") {
  return argument ? `#/${name}/${encodeURIComponent(argument)}` : `#/${name}`;
}

/** Open a screen. `instead`: back does not return to the one that is left. */
export function go(name, argument = "", { instead = false } = {}) {
  const address = addressOf(name, argument);
  if (address === location.hash) return tell();
  if (instead) {
    history.replaceState(null, "", address);
    tell();
  } else {
    location.hash = address;
  }
}

export function onRoute(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell() {
  for (const listener of listeners) listener(where());
}

addEventListener("hashchange", tell);
