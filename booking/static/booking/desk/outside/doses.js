// Doses that were given elsewhere: what is known of somebody's, and one more read from their paper. The server alone
// keeps them, because they count in the whole city at once, so this needs the network.
import { html, useEffect, useState } from "../html.js";
import { call, whyNot } from "../net.js";
import { addressOf } from "../router.js";
import { rowOf, useDesk } from "../state.js";
import { Actions, Button, Empty, Notice, Title, useBusy } from "../ui.js";
import { t } from "../words.js";
import { Who } from "../visit/who.js";
import { DoseForm } from "./form.js";
import { Known } from "./known.js";
import { ByDocument } from "./whose.js";

export function OutsideDoses({ argument }) {
  const { online, shift } = useDesk();
  const row = rowOf(argument);
  const [asked, setAsked] = useState(argument ? { reference: argument } : null);
  const [found, setFound] = useState(null);
  const [why, setWhy] = useState("");
  const [entering, setEntering] = useState(false);
  const [busy, run] = useBusy();
  const site = shift.site.code;

  const look = (whom) => run(async () => {
    try {
      const answer = await call("POST", "outside-doses/look-up", { site, ...whom });
      setAsked(whom);
      setFound(answer);
      setWhy("");
    } catch (error) {
      setWhy(errorOf(error));
    }
  });
  useEffect(() => {
    if (argument) look({ reference: argument });
  }, [argument]);

  const entered = (dose) => {
    setFound((was) => ({ ...was, doses: [dose, ...was.doses], new: dose.id }));
    setEntering(false);
  };
  const gone = (id) => setFound((was) => ({ ...was, doses: was.doses.filter((one) => one.id !== id), new: null }));

  return html`<section class="sheet outside">
    <${Title} hint=${t("在别的城市打过的剂次，看过凭据才录。录了就算数。")}>${t("外地接种记录")}<//>
    ${row && html`<${Who} row=${row} />`}
    ${!online && html`<${Notice} kind="warn">${t("要联网才能查和录。先请本人收好凭据，联网后再录。")}<//>`}
    ${why && html`<${Notice} kind="error" live>${why}<//>`}
    ${!asked && html`<${ByDocument} busy=${busy} onFind=${look} />`}
    ${asked && !found && !why && html`<p class="quiet" role="status">${t("正在取…")}</p>`}
    ${found && !row && html`<p class="note">${t("证件尾号 %(tail)s", { tail: found.tail })}</p>`}
    ${found && !entering && found.doses.length === 0 && html`<${Empty} icon="search" title=${t("还没有外地接种记录")}>
      <p>${t("有接种证或外地的接种凭证，可以录入。")}</p><//>`}
    ${found && !entering && html`<${Known} doses=${found.doses} newest=${found.new} site=${site} onGone=${gone} />
      <${Actions}><${Button} kind="main" disabled=${!online} onClick=${() => setEntering(true)}>${t("录入一剂")}<//>
        ${row && html`<a class="button quiet" href=${addressOf("person", row.reference)}>${t("回到这个人")}</a>`}<//>`}
    ${found && entering && html`<${DoseForm} programmes=${found.programmes} wanted=${row?.programme} asked=${{ site, ...asked }}
      onEntered=${entered} onBack=${() => setEntering(false)} />`}
  </section>`;
}

function errorOf(error) {
  const told = error.facts?.errors;
  return Array.isArray(told) ? told.map((one) => one.message).join(" ") : whyNot(error);
}
