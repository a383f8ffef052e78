// A person's code that comes while something is being filled in for somebody else: it is asked about first, so that no
// answer is lost to a stray scan.
import { html, useEffect, useState } from "../html.js";
import { where } from "../router.js";
import { Confirm } from "../ui.js";
import { isUnsaved } from "../unsaved.js";
import { t } from "../words.js";
import { checkInCode } from "./flow.js";

// Where somebody, or the day, is being served; what is saved there is lost to nobody.
const SERVING = ["ask", "dose", "correct", "walk-in", "close"];

let held = null;
let tell = () => {};

/** A code that no screen took. */
export function takeCode(code) {
  const { name, argument } = where();
  if (!SERVING.includes(name)) return checkInCode(code, "scan");
  // Of the one who is being served, or no person's at all.
  if (!code.reference || code.reference === argument) return undefined;
  if (!isUnsaved()) return checkInCode(code, "scan");
  held = code;
  return tell();
}

/** The question, while a code is held. */
export function HeldCode() {
  const [, draw] = useState(0);
  useEffect(() => {
    tell = () => draw((count) => count + 1);
    return () => (tell = () => {});
  }, []);
  if (!held) return null;
  const close = () => {
    held = null;
    tell();
  };
  const turn = () => {
    const code = held;
    close();
    return checkInCode(code, "scan");
  };
  return html`<${Confirm} title=${t("扫到了另一个人")} yes=${t("放下这里，办扫到的人")} no=${t("接着填")} danger
    onYes=${turn} onNo=${close}><p>${t("这里填的还没有保存，放下就没了。")}</p><//>`;
}
