// A fault in one screen must not stop the others: it is said in its place, and every other screen still opens.
import { html } from "./html.js";
import { Button, Empty } from "./ui.js";
import { Component } from "./vendor/preact.js";
import { t } from "./words.js";

export class Guard extends Component {
  componentDidCatch(fault) {
    reportError(fault);
    this.setState({ broken: true });
  }

  render({ children }, { broken }) {
    if (!broken) return children;
    return html`<section class="sheet"><${Empty} icon="warning" title=${t("这一页出了错")}>
      <p>${t("办过的都存在本机。请打开别的页，或者刷新。")}</p>
      <${Button} onClick=${() => location.reload()}>${t("刷新")}<//><//></section>`;
  }
}
