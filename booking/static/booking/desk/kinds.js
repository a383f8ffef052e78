// The kinds of acts in words.
import { t } from "./words.js";

export function kindInWords(kind) {
  const words = {
    check_in: t("签到"), undo_check_in: t("撤销签到"), call: t("叫号"), answer: t("健康询问"), vaccinate: t("接种"),
    react: t("登记反应"), leave: t("离开"), correct: t("更正"), bring_forward: t("改到现在"), walk_in: t("现场取号"),
  };
  return words[kind] || kind;
}
