// S9: doses left in an open vial are offered to the waitlist. The server asks people, so this needs the network.
import { html, useEffect, useState } from "../html.js";
import { dayOf, deskNow, timeOf } from "../clock.js";
import { atSite, call, Offline } from "../net.js";
import { useDesk } from "../state.js";
import { Actions, Button, Choice, Confirm, Empty, Field, Notice, Title, useBusy, useTicking } from "../ui.js";
import { named, t } from "../words.js";
import { Round } from "./leftover_round.js";

const MOST_DOSES = 50;
// Somebody is on their way within a minute of a message, so the list must not be older than that.
const AGAIN_SECONDS = 8;

export function Leftovers() {
  const { shift } = useDesk();
  const [state, setState] = useState(null);
  const [why, setWhy] = useState("");
  const [offline, setOffline] = useState(false);
  const [busy, run] = useBusy();
  useTicking(5);

  async function ask(method, path, body) {
    try {
      setState(await call(method, path, body));
      setWhy("");
      setOffline(false);
    } catch (error) {
      setOffline(error instanceof Offline);
      setWhy(error instanceof Offline ? t("没有网络，叫不了余苗，也看不到新的答复。联网后自动更新。") : error.detail);
    }
  }
  const look = () => ask("GET", atSite("leftovers", shift.site.code));
  useEffect(() => {
    look();
    const timer = setInterval(look, AGAIN_SECONDS * 1000);
    return () => clearInterval(timer);
  }, [shift.site.code]);

  const rounds = state?.rounds ?? [];
  const running = rounds.filter((round) => round.state === "running");
  const ended = rounds.filter((round) => round.state !== "running");
  const begin = (wanted) => run(() => ask("POST", "leftovers", { site: shift.site.code, ...wanted }));
  const stop = (round) => run(() => ask("POST", `leftovers/${round.id}/stop`, { site: shift.site.code }));

  return html`<section class="sheet leftovers">
    <${Title} hint=${t("开了瓶、没人预约的剂数，按顺序问候补的人，当天来打。")}>${t("余苗")}<//>
    ${why && html`<${Notice} kind="error" live>${why}<//>`}
    ${!state && !why && html`<p class="quiet" role="status">${t("正在取…")}</p>`}
    ${running.map((round) => html`<${Round} key=${round.id} round=${round} busy=${busy} off=${offline} onStop=${() => stop(round)} />`)}
    ${state?.quiet && html`<${Notice}>${state.quiet}<//>`}
    ${state && !state.quiet && html`<${Begin} state=${state} running=${running} busy=${busy} off=${offline} onBegin=${begin} />`}
    ${ended.length > 0 && html`<h2>${t("今天叫过的")}</h2>
      ${ended.map((round) => html`<${Round} key=${round.id} round=${round} />`)}`}
  </section>`;
}

/** What is offered and until when; asked once more before anybody gets a message. */
function Begin({ state, running, busy, off, onBegin }) {
  const { programmes, batches } = useDesk();
  const free = programmes.filter((one) => !running.some((round) => round.programme === one.code));
  const [chosen, setChosen] = useState("");
  const [doses, setDoses] = useState("1");
  const [until, setUntil] = useState(soon);
  const [batch, setBatch] = useState("");
  const [wrong, setWrong] = useState({});
  const [asks, setAsks] = useState(false);
  const programme = free.find((one) => one.code === chosen) ?? free[0];
  if (!programme) {
    return running.length > 0 ? null : html`<${Empty} title=${t("今天没有可以叫余苗的项目")}>
      <p>${t("这个接种点今天没有排班的项目。")}</p><//>`;
  }
  const open = batches.filter((one) => one.vaccine === programme.vaccine && one.left > 0 && one.expires_on >= dayOf(deskNow()));
  const check = () => {
    const found = mistakes(doses, until, state.least_minutes);
    setWrong(found);
    setAsks(Object.keys(found).length === 0);
  };
  const begin = () => {
    setAsks(false);
    onBegin({ programme: programme.code, doses: Number(doses), until: `${dayOf(deskNow())}T${until}:00`, batch });
  };
  return html`<form class="begin" onSubmit=${(event) => { event.preventDefault(); check(); }}>
    ${running.length > 0 && html`<h2>${t("再叫一个项目")}</h2>`}
    ${free.length > 1 && html`<${Choice} label=${t("哪个项目")} name="programme" value=${programme.code}
      options=${free.map((one) => [one.code, named(one)])} onChange=${(code) => { setChosen(code); setBatch(""); }} />`}
    ${free.length === 1 && html`<p><b>${named(programme)}</b></p>`}
    <div class="pair"><${Field} label=${t("余苗剂数")} name="doses" value=${doses} onInput=${setDoses} error=${wrong.doses}
      inputmode="numeric" autocomplete="off" />
    <${Field} label=${t("最晚几点到")} name="until" type="time" value=${until} onInput=${setUntil} error=${wrong.until} /></div>
    ${open.length > 0 && html`<${Choice} small label=${t("批号")} name="batch" value=${batch} onChange=${setBatch}
      options=${[["", t("不指明")], ...open.map((one) => [one.number, one.number])]} />`}
    <${Notice}>${state.rule}<//>
    <${Actions}><${Button} kind="main" icon="speak" type="submit" busy=${busy} disabled=${off}>${t("叫余苗 %(n)s 剂", { n: doses || "0" })}<//><//>
    ${asks && html`<${Confirm} title=${t("现在问候补的人？")} yes=${t("开始问")} onYes=${begin} onNo=${() => setAsks(false)}>
      <p>${t("%(what)s %(n)s 剂，要的人今天 %(time)s 前到。", { what: named(programme), n: doses, time: until })}</p>
      <p>${t("先问 %(n)s 人，每人有 %(minutes)s 分钟答复；不要或没答复的，马上问下一位。", { n: doses, minutes: state.answer_minutes })}</p><//>`}
  </form>`;
}

/** Three quarters of an hour from now, on a full five minutes. */
function soon() {
  const step = 5 * 60_000;
  return timeOf(Math.ceil((deskNow().getTime() + 45 * 60_000) / step) * step);
}

function mistakes(doses, until, least) {
  const found = {};
  const count = Number(doses);
  if (!Number.isInteger(count) || count < 1 || count > MOST_DOSES) found.doses = t("填 1 到 %(most)s。", { most: MOST_DOSES });
  const first = deskNow().getTime() + least * 60_000;
  const isToday = dayOf(first) === dayOf(deskNow());
  if (!until || !isToday || until < timeOf(first)) found.until = t("至少在 %(n)s 分钟以后，好让人赶来。", { n: least });
  return found;
}
