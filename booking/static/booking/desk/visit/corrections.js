// What may be corrected about a visit, and what stands there before and after: [label, before, after] in words.
import { deskInWords } from "../stations.js";
import { timeOf } from "../clock.js";
import { t } from "../words.js";
import { bodySites, routes, wordOf } from "./body.js";

const DECISIONS = () => ({ may: t("可以接种"), defer: t("暂缓接种"), refuse: t("不接种") });

/** [[code, words, hint], …]: what can be put right as far as this visit has come. */
export function correctable(row) {
  const { visit } = row;
  const asked = visit.decision && visit.status !== "arrived";
  return [
    visit.dose && ["dose_wrong", t("接种记错了"), t("打了，但批次、部位或途径不对")],
    visit.dose && ["no_dose", t("其实没有打"), t("这一剂作废，退回批次")],
    visit.left_at && !visit.not_done && ["leave", t("还没有离开"), t("人还在接种点")],
    asked && !visit.dose && ["answers", t("问诊记错了"), t("重新问一遍")],
    row.status === "checked_in" && ["check_in", t("其实没有来"), t("签到作废")],
  ].filter(Boolean);
}

/** The act's own words for it: {what, …}. Of a dose only what is other than it was. */
export function correctionData(code, row, facts) {
  if (code === "no_dose") return { what: "dose" };
  if (code !== "dose_wrong") return { what: code };
  const changed = Object.entries(facts).filter(([name, value]) => value !== row.visit.dose[name]);
  return { what: "dose", ...Object.fromEntries(changed) };
}

/** What the page that asks for confirmation shows. */
export function differences(code, row, facts) {
  const { visit } = row;
  const dose = visit.dose && doseWords(visit.dose);
  return {
    dose_wrong: () => doseDifferences(visit.dose, facts),
    no_dose: () => [[t("接种"), dose, t("没有打，退回 1 剂")]],
    leave: () => [[t("离开"), timeOf(visit.left_at), t("还在接种点")]],
    answers: () => [[t("问诊"), DECISIONS()[visit.decision], t("还没有问")]],
    check_in: () => [[t("签到"), `${timeOf(visit.arrived_at)} ${deskInWords(visit.desk)}`, t("没有来")]],
  }[code]();
}

function doseDifferences(dose, facts) {
  return [
    [t("批号"), dose.batch, facts.batch],
    [t("部位"), wordOf(bodySites(), dose.body_site), wordOf(bodySites(), facts.body_site)],
    [t("途径"), wordOf(routes(), dose.route), wordOf(routes(), facts.route)],
  ].filter(([, before, after]) => before !== after);
}

function doseWords(dose) {
  return [dose.batch, wordOf(bodySites(), dose.body_site), timeOf(dose.given_at)].join(" · ");
}
