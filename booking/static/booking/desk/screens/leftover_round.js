// One round of leftover doses: how many somebody wants, and what each person who was asked has said.
import { html, useState } from "../html.js";
import { timeOf } from "../clock.js";
import { addressOf } from "../router.js";
import { rowOf } from "../state.js";
import { Button, Confirm, Icon } from "../ui.js";
import { named, t } from "../words.js";

const ICON_OF = { pending: "clock", accepted: "tick", declined: "cross", expired: "offline", withdrawn: "undo" };

const ends = () => ({
  done: t("都有人要了"),
  over: t("到时间了"),
  stopped: t("已停止"),
});

export function Round({ round, busy, off, onStop }) {
  const [asks, setAsks] = useState(false);
  const runs = round.state === "running";
  const open = round.offers.filter((offer) => offer.state === "pending").length;
  return html`<article class="round">
    <header><h2>${named(round, "programme_name")}</h2><span>${runs ? t("%(time)s 前到", { time: timeOf(round.until) }) : ends()[round.state]}</span></header>
    <p class="promised"><b>${t("有人要 %(n)s / %(doses)s 剂", { n: round.promised, doses: round.doses })}</b>
      <span>${t("还剩 %(n)s 剂", { n: round.left })}</span></p>
    <progress max=${round.doses} value=${round.promised} aria-label=${t("有人要的剂数")}></progress>
    ${round.batch && html`<p class="quiet">${t("批号 %(number)s", { number: round.batch })}</p>`}
    ${round.offers.length > 0 && html`<ul class="replies">${round.offers.map((offer) => html`<${Reply} key=${offer.id} offer=${offer} />`)}</ul>`}
    ${runs && round.offers.length === 0 && html`<p role="status">${t("正在找候补的人。没有人候补，或都不合适，这里就一直空着。")}</p>`}
    ${runs && round.offers.length > 0 && open === 0 && round.left > 0 && html`<p role="status">${t("候补的人都问过了，暂时没有下一位。")}</p>`}
    ${runs && html`<${Button} kind="danger" icon="cross" busy=${busy} disabled=${off} onClick=${() => setAsks(true)}>${t("停止叫余苗")}<//>`}
    ${asks && html`<${Confirm} title=${t("停止叫余苗？")} danger yes=${t("停止")} onNo=${() => setAsks(false)}
      onYes=${() => { setAsks(false); onStop(); }}>
      <p>${open > 0 ? t("%(n)s 个没答复的通知会收回，不再问别人。", { n: open }) : t("不再问别人。")}${round.promised > 0 ? t("已经要了的 %(n)s 人照样来打。", { n: round.promised }) : ""}</p><//>`}
  </article>`;
}

function Reply({ offer }) {
  const said = words(offer);
  const known = offer.reference && rowOf(offer.reference);
  return html`<li class=${offer.state}><${Icon} name=${ICON_OF[offer.state]} size=${22} />
    ${known ? html`<a href=${addressOf("person", offer.reference)}>${offer.name}</a>` : html`<b>${offer.name}</b>`}
    <span>${said}</span></li>`;
}

function words(offer) {
  const said = {
    pending: t("等答复，%(time)s 到期", { time: timeOf(offer.expires_at) }),
    accepted: t("要 · %(time)s", { time: timeOf(offer.answered_at) }),
    declined: t("不要 · %(time)s", { time: timeOf(offer.answered_at) }),
    expired: t("没答复，过时了"),
    withdrawn: t("已收回"),
  }[offer.state];
  const how = {
    checked_in: t("已到"),
    fulfilled: t("已接种"),
    cancelled: t("又取消了"),
    no_show: t("没来"),
    booked: offer.comes ? "" : t("改了时间"),
  }[offer.appointment_status];
  return how ? `${said} · ${how}` : said;
}
