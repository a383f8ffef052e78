// Signing in: at the start of a shift, and over the page when a session has ended. What waits to be sent stays.
import { html, useState } from "../html.js";
import { LanguageChoice } from "./language_choice.js";
import { whyNot } from "../net.js";
import { goOn, leaveShift, signIn, signOut } from "../session.js";
import { change, useDesk } from "../state.js";
import { Actions, Button, Field, Notice, Title, useBusy } from "../ui.js";
import { named, t } from "../words.js";

/** `onDone(session)` gets who signed in. */
export function SignIn({ onDone, title, children }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [why, setWhy] = useState("");
  const [busy, run] = useBusy();

  const submit = (event) => {
    event.preventDefault();
    if (!username.trim() || !password) return setWhy(t("请填用户名和密码。"));
    return run(async () => {
      setWhy("");
      try {
        setWhy((await onDone(await signIn(username.trim(), password))) || "");
      } catch (error) {
        setWhy(whyNot(error));
      }
      setPassword("");
    });
  };

  return html`<form class="sheet narrow" onSubmit=${submit} novalidate>
    <${Title}>${title || t("登录服务台")}<//>
    ${children}
    ${why && html`<${Notice} kind="error" live>${why}<//>`}
    <${Field} label=${t("用户名")} name="username" value=${username} onInput=${setUsername} autocomplete="username"
      autocapitalize="none" spellcheck=${false} />
    <${Field} label=${t("密码")} name="password" type="password" value=${password} onInput=${setPassword}
      autocomplete="current-password" />
    <${LanguageChoice} />
    <${Actions}><${Button} kind="main" type="submit" busy=${busy}>${t("登录")}<//><//></form>`;
}

/** Over the page: the shift's person signs in again and goes on, or somebody else takes over. */
export function SignInAgain({ why }) {
  const { shift, pending, waiting } = useDesk();
  const names = [...new Set(waiting.map((act) => act.by_name))].join(t("、"));

  async function done(session) {
    const result = await goOn(session);
    if (result === "") return "";
    if (result === "other") {
      // Nothing is waiting: they begin a shift of their own.
      await leaveShift();
      change({ wantsSignIn: false, locked: false });
      return "";
    }
    await signOut().catch(() => {});
    if (result === "no_post") return t("这个账号在 %(site)s 没有岗位。请换一个账号。", { site: named(shift.site) });
    return t("待传的 %(n)s 条是 %(names)s 办的。请本人登录，或请值班长登录来发送。", { n: pending, names });
  }

  return html`<${SignIn} title=${t("请重新登录")} onDone=${done}>
    <p>${why}</p>
    ${pending > 0 && html`<${Notice} kind="warn">${t("本机有 %(n)s 条待传，都还在，登录后接着发送。", { n: pending })}<//>`}
  <//>`;
}
