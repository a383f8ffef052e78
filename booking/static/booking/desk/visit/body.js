// Where and how a dose is given, as booking.models names them.
import { html } from "../html.js";
import { Choice } from "../ui.js";
import { t } from "../words.js";

export const bodySites = () => [
  ["left_arm", t("左上臂")],
  ["right_arm", t("右上臂")],
  ["left_thigh", t("左大腿")],
  ["right_thigh", t("右大腿")],
  ["mouth", t("口服")],
];

export const routes = () => [
  ["intramuscular", t("肌内注射")],
  ["subcutaneous", t("皮下注射")],
  ["intradermal", t("皮内注射")],
  ["oral", t("口服")],
];

/** The words for a code of one of these. */
export function wordOf(options, code) {
  return options.find(([one]) => one === code)?.[1] ?? code;
}

export const usualWhere = () => ({ body_site: "left_arm", route: "intramuscular" });

export function BodySite({ where, onWhere }) {
  function choose(site) {
    // What is swallowed is not injected.
    if (site === "mouth") return onWhere({ body_site: site, route: "oral" });
    return onWhere({ body_site: site, route: where.route === "oral" ? "intramuscular" : where.route });
  }
  return html`<${Choice} small label=${t("接种部位")} name="body_site" options=${bodySites()} value=${where.body_site}
    onChange=${choose} />`;
}

/** How: shut until it is another way than usual, because it hardly ever is. */
export function Route({ where, onWhere }) {
  if (where.body_site === "mouth") return null;
  const options = routes().filter(([code]) => code !== "oral");
  return html`<details class="more"><summary>${t("接种途径：%(route)s", { route: wordOf(options, where.route) })}</summary>
    <${Choice} small label=${t("接种途径")} name="route" options=${options} value=${where.route}
      onChange=${(route) => onWhere({ ...where, route })} /></details>`;
}
