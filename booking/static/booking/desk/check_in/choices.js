// What can be done about a result: one main thing, two others. {words, go, argument} or {words, work}.
import { timeOf } from "../clock.js";
import { may } from "../state.js";
import { t } from "../words.js";

const scan = (words) => ({ words: words ?? t("扫下一位"), go: "scan" });
const find = () => ({ words: t("换证件查找"), go: "find" });
const supervisor = () => ({ words: t("找值班长"), work: "supervisor" });
const notThisPerson = () => ({ words: t("不是本人"), work: "notThisPerson" });
const person = (row, words) => ({ words: words ?? t("看此人详情"), go: "person", argument: row.reference });
const walkIn = () => (may("walk_in") ? { words: t("看看现场有没有号"), go: "walk-in" } : supervisor());

/** The one that is meant to be pressed. */
export function MAIN({ card, row, online }) {
  if (card.undone || card.look === "asking") return scan();
  switch (card.reason) {
    case "too_early":
    case "too_late":
      return { words: t("改到现在，签到"), work: "acceptTime" };
    case "other_day":
      return {
        words: t("改到今天，签到"), work: "bringForward", disabled: !online,
        hint: online ? "" : t("要联网才能改；网通了再扫一次"),
      };
    case "cancelled":
    case "other_site":
      return walkIn();
    case "already":
      return row ? person(row, alreadyWords(card, row)) : find();
    case "fulfilled":
      return row ? { words: t("看接种记录"), go: "record", argument: row.reference } : find();
    case "not_in_list":
      return card.look === "off" && card.reference ? { words: t("证件看过了，先登记"), work: "takeDown" } : find();
    case "box":
      return scan(t("再扫一次"));
    default:
      return card.result === "ok" ? onwards(card, row) : find();
  }
}

function alreadyWords(card, row) {
  const when = timeOf(card.facts.at || row.visit?.arrived_at);
  return when ? t("看 %(when)s 的签到记录", { when }) : t("看签到记录");
}

// Whoever may ask goes on with the questions; at a desk that only registers, the next person is next.
function onwards(card, row) {
  const off = card.look === "off";
  if (!row) return scan(t("记下了，扫下一位"));
  if (may("answer")) {
    return { words: off ? t("核对身份证，继续") : t("核对无误，问健康状况"), go: "ask", argument: row.reference };
  }
  return scan(off ? t("身份证核对过，扫下一位") : t("核对无误，扫下一位"));
}

/** Two more, each of another kind than the main one. */
export function SECOND({ card, row, pending, left }) {
  if (card.undone) return [{ words: t("手工查找"), go: "find" }, row ? person(row) : supervisor()];
  if (card.look === "asking") return [find(), supervisor()];
  if (card.result === "ok") return [isTheirs(card, row, left), takenBack(row, pending, card.look, left)].filter(Boolean);
  switch (card.reason) {
    case "too_early":
      return [scan(t("请 %(time)s 再来", { time: timeOf(row.starts_at) })), supervisor()];
    case "too_late":
      return [person(row), supervisor()];
    case "other_day":
      return [scan(t("请那天再来")), supervisor()];
    case "not_ours":
      return [scan(t("再扫一次")), supervisor()];
    case "not_in_list":
      return card.look === "off" ? [find(), supervisor()] : [scan(t("再扫一次")), supervisor()];
    default:
      return [find(), supervisor()];
  }
}

function isTheirs(card, row, left) {
  return left > 0 ? notThisPerson() : row && person(row);
}

function takenBack(row, pending, look, left) {
  if (left > 0) return { words: t("撤销签到（%(seconds)s 秒）", { seconds: left }), work: "undo" };
  if (look === "off" && pending > 0) return { words: t("看 %(n)s 条待传", { n: pending }), go: "queue" };
  return row && supervisor();
}
