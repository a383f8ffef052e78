// The screens in the waiting room: one is made the site's by the code that it shows.
import { html, useEffect, useState } from "../html.js";
import { dayOf, timeOf } from "../clock.js";
import { atSite, call, whyNot } from "../net.js";
import { useDesk } from "../state.js";
import { Actions, Button, Confirm, Empty, Field, Icon, Notice, Title, useBusy } from "../ui.js";
import { t } from "../words.js";

export function Screens() {
  const { shift, online } = useDesk();
  const [screens, setScreens] = useState(null);
  const [code, setCode] = useState("");
  const [error, setError] = useState("");
  const [good, setGood] = useState("");
  const [ending, setEnding] = useState(null);
  const [busy, run] = useBusy();
  const site = shift.site.code;

  const ask = (work, done) => run(async () => {
    setError("");
    setGood("");
    try {
      setScreens((await work()).screens);
      setGood(done);
    } catch (problem) {
      setError(whyNot(problem));
    }
  });
  useEffect(() => {
    if (online) ask(() => call("GET", atSite("screens", site)), "");
  }, [online]);

  const pair = (event) => {
    event.preventDefault();
    const digits = code.replace(/\D/g, "");
    if (digits.length !== 6) return setError(t("请输入屏幕上的六位数字"));
    return ask(async () => {
      const answer = await call("POST", "screens", { site, code: digits });
      setCode("");
      return answer;
    }, t("配好了，屏幕几秒后就显示叫号。"));
  };
  const end = () => ask(async () => {
    const answer = await call("DELETE", atSite(`screens/${ending.id}`, site));
    setEnding(null);
    return answer;
  }, t("停用了，那块屏幕不再显示本点的内容。"));

  return html`<section class="sheet narrow">
    <${Title} hint=${t("在候诊区的电视或电脑上打开 %(address)s，把它显示的码输到这里", { address: `${location.host}/screen/` })}>${t("叫号屏")}<//>
    ${!online && html`<${Notice} kind="warn">${t("要联网才能配对或停用。")}<//>`}
    <form id="pair-screen" onSubmit=${pair} class="pair-screen" novalidate>
      <${Field} name="code" label=${t("屏幕上的六位数字")} value=${code} onInput=${setCode} error=${error} inputmode="numeric"
        autocomplete="off" maxlength="7" />
    </form>
    ${good && html`<${Notice} kind="good" live>${good}<//>`}
    ${screens?.length === 0 && html`<${Empty} icon="screen" title=${t("还没有叫号屏")} />`}
    <ul class="paired">${(screens ?? []).map((one) => html`<li key=${one.id}><${Icon} name="screen" />
      <p>${t("%(day)s %(time)s 配对", { day: dayOf(one.paired_at), time: timeOf(one.paired_at) })}<small>${one.paired_by}</small></p>
      <${Button} kind="danger" disabled=${!online} onClick=${() => setEnding(one)}>${t("停用")}<//></li>`)}</ul>
    <${Actions}><${Button} kind="main" type="submit" form="pair-screen" busy=${busy} disabled=${!online}>${t("配对")}<//><//>
    ${ending && html`<${Confirm} title=${t("停用这块叫号屏？")} danger busy=${busy} yes=${t("停用")} onYes=${end} onNo=${() => setEnding(null)}>
      <p>${t("它马上不再显示叫号。要再用，重新配对就行。")}</p><//>`}
  </section>`;
}
