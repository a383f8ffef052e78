// What still has to be sent, and what a person has to look at.
import { html } from "../html.js";
import { useDesk } from "../state.js";
import { Empty, Title } from "../ui.js";
import { t } from "../words.js";

export function Queue() {
  const { pending } = useDesk();
  return html`<section class="sheet"><${Title}>${t("待传")}<//>
    ${pending === 0 && html`<${Empty} icon="tick" title=${t("都传好了")} />`}</section>`;
}
