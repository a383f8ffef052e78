// What stands in the way of a dose, each with what to do; a doctor may let it pass, one by one, and says why.
import { html } from "../html.js";
import { addressOf } from "../router.js";
import { isLiftable } from "../rules/dose.js";
import { may, useDesk } from "../state.js";
import { Field, Icon } from "../ui.js";
import { t } from "../words.js";
import { barWords } from "./bar_words.js";
import { vaccineName } from "./who.js";

/** `lifting`: {bars, reason}; what is not there any more is not lifted, whatever was ticked before. */
export function Bars({ row, batch, found, lifting, onLift }) {
  const { programmes } = useDesk();
  if (!found.length) return null;
  const facts = {
    row, batch, asked: vaccineName(row.vaccine, programmes), vaccine: batch && vaccineName(batch.vaccine, programmes),
  };
  const doctor = may("lift_bar");
  const liftable = found.filter(isLiftable);
  const lifted = liftable.filter((bar) => lifting.bars.includes(bar));

  function tick(bar, on) {
    const bars = lifting.bars.filter((one) => one !== bar);
    onLift({ ...lifting, bars: on ? [...bars, bar] : bars });
  }

  return html`<section class="barred" role="alert"><h2><${Icon} name="cross" stroke=${3} />${t("先不要打")}</h2>
    <ul>${found.map((bar) => {
      const [what, todo] = barWords(bar, facts);
      return html`<li key=${bar}><p><b>${what}</b></p><p>${todo}
        ${bar === "not_asked" && may("answer") && html` <a href=${addressOf("ask", row.reference)}>${t("现在问")}</a>`}</p>
        ${doctor && isLiftable(bar) && html`<label class="lift"><input type="checkbox" checked=${lifting.bars.includes(bar)}
          onChange=${(event) => tick(bar, event.currentTarget.checked)} /><span>${t("医生决定放行")}</span></label>`}</li>`;
    })}</ul>
    ${lifted.length > 0 && html`<${Field} label=${t("放行的理由")} hint=${t("至少 4 个字，会记在接种记录里。")} name="lift_reason"
      value=${lifting.reason} maxlength="200" onInput=${(reason) => onLift({ ...lifting, reason })} />`}
    ${!doctor && liftable.length > 0 && html`<p class="lift-who">${t("只有问诊医生或值班长能放行：请在本机换人登录后办。")}</p>`}
  </section>`;
}
