// The record of a dose, to be printed and taken home.
import { dayOf, timeOf } from "../clock.js";
import { html, useState } from "../html.js";
import { go } from "../router.js";
import { notBefore } from "../rules/dose.js";
import { rowOf, useDesk } from "../state.js";
import { Actions, Button, Facts, Title } from "../ui.js";
import { language, t } from "../words.js";
import { bodySites, routes, wordOf } from "./body.js";
import { Gone, whyNot } from "./gone.js";
import { vaccineName } from "./who.js";

export function Record({ argument }) {
  const { batches, programmes, shift } = useDesk();
  const [large, setLarge] = useState(false);
  const row = rowOf(argument);
  const why = whyNot(row, "record");
  if (why) return html`<${Gone} title=${t("接种记录")} row=${row} why=${why} />`;
  const { dose } = row.visit;
  const programme = programmes.find(({ code }) => code === row.programme);
  // The batch's own vaccine is what was given, also where another one was booked.
  const batch = batches.find(({ number, vaccine }) => number === dose.batch && vaccine === row.vaccine)
    || batches.find(({ number }) => number === dose.batch);
  const vaccine = batch?.vaccine ?? row.vaccine;

  return html`<section class=${large ? "sheet visit large-print" : "sheet visit"}>
    <article class="record"><${Title}>${t("接种记录")}<//>
      <${Facts} rows=${[
        [t("姓名"), row.name],
        [t("证件号"), row.tail && t("尾号 %(tail)s", { tail: row.tail })],
        [t("疫苗"), vaccineName(vaccine, programmes)],
        [t("剂次"), t("第 %(dose)s 剂，共 %(doses)s 剂", row)],
        [t("生产企业"), programmes.find((one) => one.vaccine === vaccine)?.manufacturer],
        [t("批号"), dose.batch],
        [t("有效期至"), batch?.expires_on],
        [t("接种时间"), `${dayOf(dose.given_at)} ${timeOf(dose.given_at)}`],
        [t("部位"), `${wordOf(bodySites(), dose.body_site)} · ${wordOf(routes(), dose.route)}`],
        [t("接种点"), language() === "en" ? shift.site.name_en || shift.site.name : shift.site.name],
        [t("接种人"), dose.given_by],
        [t("下一剂"), nextDose(row, programme)],
      ]} />
      <p class="record-tell">${t("留观到 %(time)s。回家后不舒服，打 120 或回接种点。", { time: timeOf(row.visit.observe_until) })}</p>
    </article>
    <${Actions}>
      <${Button} kind="main" onClick=${() => print()}>${t("打印")}<//>
      <div class="pair"><${Button} aria-pressed=${large} onClick=${() => setLarge(!large)}>${t("大字")}<//>
        <${Button} onClick=${() => go("person", row.reference)}>${t("看这个人")}<//></div>
    <//></section>`;
}

function nextDose(row, programme) {
  if (row.dose >= row.doses) return t("已打完，没有下一剂");
  const from = notBefore(programme?.intervals ?? [], { dose: row.dose + 1, before_on: dayOf(row.visit.dose.given_at) });
  return from ? t("第 %(n)s 剂：%(day)s 起，请提前预约", { n: row.dose + 1, day: from }) : t("请问接种人员");
}
