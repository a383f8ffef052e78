// The words of a result: one big, one that says why or where to go, one small. Never that somebody may be vaccinated:
// that is for the health questions.
import { dayOf, minutesBetween, timeOf } from "../clock.js";
import { desk } from "../state.js";
import { deskInWords } from "../stations.js";
import { named, t } from "../words.js";
import { longOf, ticketOf, timesOf, waitingBefore } from "./row_words.js";

const BIG = {
  ok: () => t("签到成功"),
  wait: () => t("时间不对"),
  no: () => t("不能签到"),
  off: () => t("先登记"),
  asking: () => t("正在核对"),
};

/** {big, line, small} of a card. */
export function wordsOf(card) {
  const big = card.reason === "not_in_list" ? t("名单里没有") : BIG[card.look]();
  const [line, small] = (LINES[card.reason] || otherwise)(card);
  if (card.undone) return { big: t("已撤销签到"), line: t("此人算没有到，可以重新签到"), small: "" };
  return { big, line: card.look === "off" ? offLine(card) : line, small: small || smallOf(card) };
}

function offLine({ reason, row }) {
  if (reason === "not_in_list") return t("网断了，本机名单里没有这个号");
  return row ? t("网断了，名单里有此人") : t("号码已记下，名单里没有此人");
}

function smallOf({ look, from, tookMs, confirmed, corrected }) {
  if (corrected) return t("服务器的答复和本机名单不同，以服务器为准");
  if (look === "off") return t("已存本机，联网后自动核对，可继续办");
  if (from === "server") return t("服务器核验");
  const seconds = (Math.max(tookMs, 100) / 1000).toFixed(1);
  return confirmed ? t("%(seconds)s 秒 · 服务器已确认", { seconds }) : t("%(seconds)s 秒 · 本机名单核验", { seconds });
}

function next({ row }) {
  const ticket = row && ticketOf(row);
  const before = row ? waitingBefore(row, desk.list) : 0;
  const parts = [
    ticket && t("%(ticket)s 号", { ticket }),
    t("请去问诊区"),
    before > 0 && t("前面 %(n)s 位", { n: before }),
  ];
  return [parts.filter(Boolean).join(" · ")];
}

const revived = (card) => [next(card)[0], card.look === "off" ? "" : t("原来记为爽约，已恢复")];

const LINES = {
  on_time: next,
  early: next,
  late: next,
  revived,
  taken_down: () => [""],
  asking: () => [t("名单里没有，正在问服务器")],
  too_early: ({ row, at }) => [
    t("约的是今天 %(times)s", { times: timesOf(row) }),
    t("早到 %(long)s", { long: longOf(minutesBetween(at, row.starts_at)) }),
  ],
  too_late: ({ row, at }) => [
    t("约的是今天 %(times)s", { times: timesOf(row) }),
    t("迟到 %(long)s", { long: longOf(minutesBetween(row.ends_at, at)) }),
  ],
  other_day: (card) => {
    const booked = slotOf(card);
    const past = booked.day && booked.day < dayOf(card.at);
    return [
      t("约的是 %(day)s %(times)s", booked),
      past ? t("已经过期；有空号可以改到今天") : t("有空号可以改到今天"),
    ];
  },
  other_site: (card) => {
    const booked = slotOf(card);
    const site = named(card.facts, "site") || t("别的接种点");
    const day = booked.day === dayOf(card.at) ? t("今天") : booked.day;
    return [t("约在 %(site)s", { site }), day ? `${day} ${booked.times}` : ""];
  },
  cancelled: ({ facts }) => [
    facts.cancelled_at
      ? t("%(when)s 已取消", { when: `${dayOf(facts.cancelled_at)} ${timeOf(facts.cancelled_at)}` })
      : t("这个预约已取消"),
    cancelledBy(facts.by),
  ],
  already: ({ row, facts }) => {
    const when = timeOf(facts.at || row?.visit?.arrived_at);
    const where = facts.desk || row?.visit?.desk;
    const line = when ? t("%(when)s 已由 %(where)s 签到", { when, where: where ? deskInWords(where) : t("别的台") }) : t("已经签到过了");
    return [line, t("同一个码扫了两次，请核对身份证")];
  },
  fulfilled: ({ row, facts }) => {
    const when = timeOf(row?.visit?.dose?.given_at || facts.at);
    return [when ? t("今天 %(when)s 已经接种", { when }) : t("这一剂已经接种"), t("请核对身份证，看接种记录")];
  },
  not_ours: () => [t("这不是本市的预约码"), t("码不全、被改过，或者是别处的码")],
  box: () => [t("这是疫苗盒上的码"), t("请扫预约码；疫苗盒在接种时扫")],
  not_in_list: ({ look }) => [
    t("本市没有这个预约号"), look === "off" ? t("看清证件，先按号码登记，联网后核对") : t("请核对号码，或者用证件查找"),
  ],
  already_booked: () => [t("这一剂已经另约了"), t("请用姓名在今天的名单里找，或者找值班长")],
  not_your_post: () => [t("您今天的岗位不管签到"), t("请到登记台签到，或在“当班”里改岗位")],
};

function otherwise({ detail }) {
  return [detail || t("服务器不同意签到")];
}

function slotOf({ row, facts }) {
  const slot = row || facts;
  if (!slot.starts_at) return { day: facts.day || "", times: facts.time || "" };
  return { day: dayOf(slot.starts_at), times: slot.ends_at ? timesOf(slot) : timeOf(slot.starts_at) };
}

function cancelledBy(by) {
  const words = { self: t("本人取消的"), desk: t("问诊后暂缓或不接种"), city: t("接种点或工作人员取消的") };
  return words[by] || t("可以看看现场有没有号");
}
