// After a pause the desk is locked: four digits open it again. After five wrong tries the password is asked for.
import { html, useEffect, useState } from "../html.js";
import { tryPin, triesLeft } from "../pin.js";
import { change, useDesk } from "../state.js";
import { Actions, Button, Field, Icon, Notice, Title, useBusy } from "../ui.js";
import { SignInAgain } from "./sign_in.js";
import { t } from "../words.js";

export function Lock() {
  const { shift } = useDesk();
  const [left, setLeft] = useState(null);
  const [pin, setPin] = useState("");
  const [wrong, setWrong] = useState(false);
  const [busy, run] = useBusy();
  useEffect(() => void triesLeft().then(setLeft), []);

  const submit = (event) => {
    event?.preventDefault();
    return run(async () => {
      const tried = await tryPin(pin);
      if (tried.right) return change({ locked: false });
      setPin("");
      setWrong(true);
      return setLeft(tried.left);
    });
  };

  if (left === null) return html`<section class="sheet"></section>`;
  if (left === 0) return html`<${SignInAgain} why=${t("%(name)s 的屏幕锁了。请用密码登录。", { name: shift.user.name })} />`;
  return html`<form class="sheet narrow" onSubmit=${submit} novalidate>
    <div class="lock-mark"><${Icon} name="lock" size=${40} /></div>
    <${Title} hint=${t("当班：%(name)s", { name: shift.user.name })}>${t("屏幕已锁")}<//>
    ${wrong && html`<${Notice} kind="error" live>${t("数字不对，还可以试 %(n)s 次。", { n: left })}<//>`}
    <${Field} label=${t("四位解锁数字")} name="pin" type="password" inputmode="numeric" autocomplete="off" maxlength="4"
      value=${pin} onInput=${(value) => setPin(value.replace(/\D/g, ""))} />
    <${Actions}><${Button} kind="main" type="submit" busy=${busy} disabled=${pin.length !== 4}>${t("解锁")}<//>
    <${Button} kind="quiet" onClick=${() => setLeft(0)}>${t("用密码登录")}<//><//></form>`;
}
