// What a bar on a dose says to staff: what is wrong, and what to do about it.
import { t } from "../words.js";

/** [what is wrong, what to do]. `facts`: {vaccine, batch, row}, names as they are shown. */
export function barWords(bar, { vaccine, asked, batch, row }) {
  const until = batch ? batch.expires_on : "";
  return {
    already_given: () => [t("这一剂已经打过"), t("不要再打。记录有误，找值班长更正。")],
    unknown_batch: () => [t("没有这个批次"), t("换一盒扫，或先在库存里收这一批。")],
    wrong_vaccine: () => [t("疫苗不对：约的是 %(asked)s，这盒是 %(vaccine)s", { asked, vaccine }), t("放回去，换对的那一盒再扫。")],
    batch_expired: () => [t("这一批已过期：有效期到 %(day)s", { day: until }), t("放到一边，换一批。")],
    batch_finished: () => [t("这一批登记为用完了"), t("换一批；盒里还有，请核对库存。")],
    batch_empty: () => [t("账上这一批没有了"), t("数一数盒里；账不对，在库存里更正。")],
    dose_before_missing: () => [
      t("没有打过第 %(dose)s 剂", { dose: row.doses_received + 1 }), t("核对接种本。在别处打过的，请医生放行；没打过的，先打前一剂。"),
    ],
    too_early: () => [t("间隔不够：%(day)s 起才能打", { day: row.not_before }), t("请本人改时间。")],
    not_asked: () => [t("还没有问健康状况"), t("先问诊，再接种。")],
    deferred: () => [t("问诊结论不是可以接种"), t("不要打。请问诊医生看。")],
  }[bar]();
}
