// Texts in the reader’s language. The Chinese text is the key; facts fill its %(name)s.
// The second language comes from the server once and is kept with the page.
let known = {};
let code = "zh-hans";

export const LANGUAGES = [["zh-hans", "中文"], ["en", "English"]];

export function language() {
  return code;
}

export async function useLanguage(wanted) {
  code = wanted === "en" ? "en" : "zh-hans";
  document.documentElement.lang = code === "en" ? "en" : "zh-CN";
  known = code === "en" ? await (await fetch("/desk/words/en.json")).json() : {};
}

/** The name of something that the server gives in both languages: in the reader's, as far as it has one. */
export function named(thing, field = "name") {
  return (code === "en" && thing[`${field}_en`]) || thing[field];
}

export function t(text, facts = {}) {
  const words = known[text] || text;
  return words.replace(/%\((\w+)\)s/g, (_all, name) => (name in facts ? String(facts[name]) : ""));
}
