// The questions before every dose, as booking/rules/health_questions.py names them, in the words that are read out.
import { t } from "../words.js";

/** [{code, asks, such}]: the question, and what counts as a yes. */
export function questions() {
  return [
    { code: "fever", asks: t("您现在发热，或者有急性病吗？"), such: t("体温 37.3 ℃ 以上，咳嗽、腹泻也算") },
    { code: "allergy", asks: t("您对疫苗或疫苗里的成分严重过敏过吗？"), such: t("比如鸡蛋、明胶、抗生素") },
    { code: "earlier_reaction", asks: t("您以前打疫苗后有过严重反应吗？"), such: t("比如休克、喘不上气、抽搐") },
    { code: "nervous_system", asks: t("您有癫痫、抽搐，或正在加重的神经系统疾病吗？"), such: "" },
    { code: "immunity", asks: t("您免疫力低，或者在用影响免疫力的药吗？"), such: t("比如激素、化疗、器官移植后用药") },
    { code: "pregnancy", asks: t("您怀孕了，或者近期打算怀孕吗？"), such: "" },
    { code: "bleeding", asks: t("您容易出血不止，或者在用抗凝药吗？"), such: t("比如血友病、华法林") },
    { code: "recent_dose", asks: t("您 4 周内打过别的疫苗吗？"), such: t("3 个月内用过免疫球蛋白、输过血也算") },
  ];
}
