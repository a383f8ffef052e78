// What may be seen after a dose and what was done, as booking/rules/reactions.py names it.
import { t } from "../words.js";

/** [code, words] of what was seen. */
export function reactionKinds() {
  return [
    ["local", t("局部红肿、疼痛")],
    ["fainting", t("头晕、晕针")],
    ["fever", t("发热")],
    ["rash", t("皮疹、荨麻疹")],
    ["vomiting", t("恶心、呕吐")],
    ["breathing", t("呼吸困难、喉头紧")],
    ["anaphylaxis", t("过敏性休克")],
    ["other", t("其他")],
  ];
}

/** [code, words] of what was done. */
export function reactionActions() {
  return [
    ["watched", t("继续观察")],
    ["treated", t("现场处理")],
    ["ambulance", t("叫了救护车")],
    ["referred", t("送医院")],
  ];
}

/** Those that cannot wait: help first, then the form. */
export const EMERGENCIES = ["breathing", "anaphylaxis"];
