// Ready for the next person (S2): camera above, a field for a number below; a scanner that types needs neither.
import { html, useState } from "../html.js";
import { checkInCode } from "../check_in/flow.js";
import { Viewfinder } from "../check_in/viewfinder.js";
import { addressOf, go } from "../router.js";
import { readCode } from "../scanner/codes.js";
import { Actions, Button, Field, Icon, useBusy } from "../ui.js";
import { t } from "../words.js";

export function Scan() {
  return html`<section class="scan-screen">
    <h1 class="unseen">${t("扫码签到")}</h1>
    <${Viewfinder} />
    <div class="sheet">
      <p class="scan-word"><${Icon} name="scan" />${t("对准预约码；扫码枪随时可扫")}</p>
      <${ByNumber} />
    </div></section>`;
}

function ByNumber() {
  const [text, setText] = useState("");
  const [error, setError] = useState("");
  const [busy, run] = useBusy();
  const type = (wanted) => {
    setText(wanted);
    setError("");
  };
  const submit = (event) => {
    event.preventDefault();
    const code = readCode(text);
    if (code.kind === "code" || code.kind === "reference") run(() => checkInCode(code, "number"));
    else setError(whatIsWrong(code, text));
  };
  return html`<form class="by-number" onSubmit=${submit}>
    <${Field} name="number" label=${t("预约号")} hint=${t("12 位数字，在预约短信和预约页上")} error=${error} value=${text}
      onInput=${type} inputmode="numeric" autocomplete="off" maxlength="40" enterkeyhint="go" />
    <${Actions}>
      <${Button} kind="main" type="submit" busy=${busy}>${t("签到")}<//>
      <div class="pair"><${Button} icon="search" onClick=${() => go("find")}>${t("手工查找")}<//>
        <a class="button second" href=${addressOf("today")}><${Icon} name="calendar" /><span>${t("今天的名单")}</span></a></div>
    <//></form>`;
}

function whatIsWrong({ digits }, text) {
  if (!text.trim()) return t("请输入预约号，或者扫码");
  if (!/^\d+$/.test(digits)) return t("预约号只有数字");
  if (digits.length !== 12) return t("预约号是 12 位，这里是 %(n)s 位", { n: digits.length });
  return t("号码有错，请再看一遍");
}
