// Language and size of the text: each device's own, also before anybody has signed in.
import { useLanguage } from "./words.js";

const read = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It holds until the page is closed.
  }
}

export const textSize = () => read("desk.size") || "standard";

export function chooseSize(size) {
  keep("desk.size", size);
  document.documentElement.dataset.size = size;
}

/** Returns whether the words were there: the second language comes from the server once. */
export async function chooseLanguage(code) {
  try {
    await useLanguage(code);
  } catch {
    await useLanguage("zh-hans");
    return false;
  }
  keep("desk.language", code);
  return true;
}

export async function startPreferences() {
  document.documentElement.dataset.size = textSize();
  await chooseLanguage(read("desk.language") || "zh-hans");
}
