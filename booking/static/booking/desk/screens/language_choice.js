// The page's language, chosen before anybody has signed in or in the menu.
import { html, useState } from "../html.js";
import { chooseLanguage } from "../preferences.js";
import { change } from "../state.js";
import { Choice, Notice } from "../ui.js";
import { LANGUAGES, language, t } from "../words.js";

export function LanguageChoice() {
  const [why, setWhy] = useState("");
  async function choose(code) {
    setWhy((await chooseLanguage(code)) ? "" : t("这种文字要联网取一次，请联网后再换。"));
    // Everything is said anew.
    change({});
  }
  return html`<${Choice} small label="语言 / Language" name="language"
    options=${LANGUAGES} value=${language()} onChange=${choose} />
    ${why && html`<${Notice} kind="warn" live>${why}<//>`}`;
}
