// Language and size of the text: each device's own, also before anybody has signed in.
import { recall, remember } from "./remembered.js";
import { useLanguage } from "./words.js";

export const textSize = () => recall("desk.size") || "standard";

export function chooseSize(size) {
  remember("desk.size", size);
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
  remember("desk.language", code);
  return true;
}

export async function startPreferences() {
  document.documentElement.dataset.size = textSize();
  await chooseLanguage(recall("desk.language") || "zh-hans");
}
