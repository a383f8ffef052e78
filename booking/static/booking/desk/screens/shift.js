// Start of a shift: where, which desk, what one does there.
import { html } from "../html.js";
import { Title } from "../ui.js";
import { t } from "../words.js";

export function Shift() {
  return html`<section class="sheet"><${Title}>${t("开始当班")}<//></section>`;
}
