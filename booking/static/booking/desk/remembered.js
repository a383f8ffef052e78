// A few words that a device remembers outside its database. Where a browser keeps nothing, until the page is closed.
const here = new Map();

export function recall(name) {
  try {
    return localStorage.getItem(name) ?? here.get(name) ?? null;
  } catch {
    return here.get(name) ?? null;
  }
}

export function remember(name, value) {
  here.set(name, String(value));
  try {
    localStorage.setItem(name, value);
  } catch {
    // Then what stands above is all there is.
  }
}
