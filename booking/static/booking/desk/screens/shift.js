// S0, start of a shift: where, which desk, what one does there; sound and camera tried; the list on the device.
import { html, useEffect, useState } from "../html.js";
import { whyNot } from "../net.js";
import { go } from "../router.js";
import { beginShift, signOut, whoIsIt } from "../session.js";
import { deskName, HOME, stationInWords, stationsFor } from "../stations.js";
import { change, desk, useDesk } from "../state.js";
import { Actions, Button, Choice, Field, Notice, Title, useBusy } from "../ui.js";
import { named, t } from "../words.js";
import { Lost } from "./lost.js";
import { Ready, Trials } from "./shift_ready.js";
import { SignIn } from "./sign_in.js";

export function Shift() {
  return useDesk().starting ? html`<${Ready} onGo=${begin} />` : html`<${Beginning} />`;
}

function begin() {
  go(HOME[desk.shift.station], "", { instead: true });
  change({ starting: false });
}

function Beginning() {
  const [session, setSession] = useState(undefined);
  const [why, setWhy] = useState("");
  const look = async () => {
    setWhy("");
    try {
      setSession(await whoIsIt());
    } catch (error) {
      setWhy(whyNot(error));
    }
  };
  useEffect(() => void look(), []);

  if (why) return html`<${Unreachable} why=${why} onAgain=${look} />`;
  if (session === undefined) return html`<section class="sheet narrow"><${Title}>${t("开始当班")}<//><progress></progress></section>`;
  if (session === null) return html`<${SignIn} onDone=${(answer) => setSession(answer)}><${Lost} /><//>`;
  return html`<${Chosen} session=${session} onOther=${() => setSession(null)} />`;
}

function Unreachable({ why, onAgain }) {
  return html`<section class="sheet narrow"><${Title}>${t("开始当班")}<//><${Lost} />
    <${Notice} kind="error" live>${why}<//>
    <p>${t("开始当班要联网取今天的名单；开始以后断网也能办。")}</p>
    <${Actions}><${Button} kind="main" onClick=${onAgain}>${t("再试一次")}<//><//></section>`;
}

function Chosen({ session, onOther }) {
  const { shift, pending } = useDesk();
  const { me, posts } = session;
  const known = posts.find(({ site }) => site === shift?.site.code) || (posts.length === 1 ? posts[0] : null);
  const [site, setSite] = useState(known?.site || "");
  const [station, setStation] = useState(shift?.station || "");
  const [number, setNumber] = useState(shift?.desk.split(" ")[1] || "");
  const [pin, setPin] = useState("");
  const [tried, setTried] = useState(false);
  const [why, setWhy] = useState("");
  const [there, setThere] = useState(null);
  const [busy, run] = useBusy();
  const post = posts.find((one) => one.site === site);
  const stations = post ? stationsFor(post.roles) : [];
  const chosen = stations.length === 1 ? stations[0] : station;
  const needsPin = shift?.user.id !== me.id || shift.site.code !== post?.site;

  const faults = () => ({
    site: !post && t("请选择接种点。"),
    station: !stations.includes(chosen) && t("请选择今天做什么。"),
    number: !/^[1-9]\d?$/.test(number) && t("请填 1 到 99 的号码。"),
    pin: (needsPin || pin) && !/^\d{4}$/.test(pin) && t("请填四位数字。"),
  });

  const submit = (event) => {
    event.preventDefault();
    setTried(true);
    setWhy("");
    if (Object.values(faults()).some(Boolean)) return undefined;
    return run(async () => {
      try {
        const begun = await beginShift({
          me, post, station: chosen, name: deskName(chosen, number), pin, onCount: (n, all) => setThere([n, all]),
        });
        if (!begun) setWhy(t("还有 %(n)s 条待传，传完才能换接种点。", { n: pending }));
      } catch (error) {
        setWhy(whyNot(error));
      }
    });
  };
  const wrong = tried ? faults() : {};

  return html`<form class="sheet narrow" onSubmit=${submit} novalidate>
    <${Title} hint=${me.name}>${shift ? t("换服务台") : t("开始当班")}<//><${Lost} />
    ${why && html`<${Notice} kind="error" live>${why}<//>`}
    ${posts.length > 1 && html`<${Choice} label=${t("在哪个接种点")} name="site" value=${site} onChange=${setSite} error=${wrong.site}
      options=${posts.map((one) => [one.site, named(one)])} />`}
    ${posts.length === 1 && html`<p class="place"><b>${named(post)}</b></p>`}
    ${stations.length > 1 && html`<${Choice} small label=${t("今天做什么")} name="station" value=${station} onChange=${setStation}
      error=${wrong.station} options=${stations.map((one) => [one, stationInWords(one)])} />`}
    <${Field} label=${t("几号台")} name="number" value=${number} onInput=${setNumber} inputmode="numeric" maxlength="2"
      autocomplete="off" error=${wrong.number} />
    <${Field} label=${t("四位解锁数字")} name="pin" type="password" value=${pin} error=${wrong.pin}
      hint=${needsPin ? t("离开 10 分钟会锁屏，用它解锁。自己定，记住就行。") : t("不填就还用原来的。")}
      onInput=${(value) => setPin(value.replace(/\D/g, ""))} inputmode="numeric" maxlength="4" autocomplete="off" />
    <${Trials} />
    <${Actions}>
      ${busy && there && html`<p class="download"><progress max=${there[1]} value=${there[0]}></progress><span>${there[0]}/${there[1]}</span></p>`}
      ${busy && !there && html`<p class="download"><progress></progress><span>${t("正在取名单")}</span></p>`}
      <${Button} kind="main" type="submit" busy=${busy}>${shift ? t("换到这里") : t("开始当班")}<//>
      ${!shift && html`<${Button} kind="quiet" onClick=${() => signOut().catch(() => {}).then(onOther)}>${t("换一个账号")}<//>`}
    <//></form>`;
}
