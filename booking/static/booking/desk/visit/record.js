// The record of a dose, to be printed and taken home: as the server has it, or without a network as the list has it.
import { dayOf, timeOf } from "../clock.js";
import { html, useEffect, useState } from "../html.js";
import { atSite, call } from "../net.js";
import { go } from "../router.js";
import { notBefore } from "../rules/dose.js";
import { desk, rowOf, useDesk } from "../state.js";
import { Actions, Button, Facts, Notice, Title } from "../ui.js";
import { named, t } from "../words.js";
import { bodySites, routes, wordOf } from "./body.js";
import { Gone, whyNot } from "./gone.js";

export function Record({ argument }) {
  const { online, shift } = useDesk();
  const [large, setLarge] = useState(false);
  const [told, setTold] = useState(null);
  const row = rowOf(argument);
  const why = whyNot(row, "record");
  const version = row?.version;
  useEffect(() => {
    let here = true;
    if (!why) {
      call("GET", atSite(`visits/${argument}/record`, shift.site.code))
        .then((record) => here && setTold(record), () => here && setTold(null));
    }
    return () => (here = false);
  }, [argument, version, online, Boolean(why)]);
  if (why) return html`<${Gone} title=${t("接种记录单")} row=${row} why=${why} />`;

  return html`<section class=${large ? "sheet visit large-print" : "sheet visit"}>
    <article class="record"><${Title}>${t("接种记录单")}<//>
      <${Facts} rows=${linesOf(told || asListed(row, desk), row)} />
      <p class="record-tell">${t("留观到 %(time)s。回家后不舒服，打 120 或回接种点。", { time: timeOf(row.visit.observe_until) })}</p>
    </article>
    ${!told && html`<${Notice} kind="warn">${t("还没有连上服务器：生产企业和完整的记录要联网后才有。")}<//>`}
    <${Actions}>
      <${Button} kind="main" onClick=${() => print()}>${t("打印")}<//>
      <div class="pair"><${Button} aria-pressed=${large} onClick=${() => setLarge(!large)}>${t("大字")}<//>
        <${Button} onClick=${() => go("person", row.reference)}>${t("看这个人")}<//></div>
    <//></section>`;
}

function linesOf(record, row) {
  return [
    [t("姓名"), record.name],
    [t("证件号"), record.document_masked],
    [t("疫苗"), named(record, "vaccine_name")],
    [t("剂次"), t("第 %(dose)s 剂，共 %(doses)s 剂", record)],
    [t("生产企业"), record.manufacturer],
    [t("批号"), record.batch],
    [t("追溯码"), record.pack_code],
    [t("有效期至"), record.expires_on],
    [t("接种时间"), `${dayOf(record.given_at)} ${timeOf(record.given_at)}`],
    [t("部位"), [wordOf(bodySites(), record.body_site), wordOf(routes(), record.route)].filter(Boolean).join(" · ")],
    [t("接种点"), named(record, "site_name")],
    [t("接种人员"), record.given_by],
    [t("下一剂"), nextDose(row, record.next_dose_from)],
  ];
}

/** What the list knows of it, in the shape of the server's record. */
function asListed(row, { batches, programmes, shift }) {
  const { dose } = row.visit;
  const programme = programmes.find(({ code }) => code === row.programme);
  const batch = batches.find(({ number, vaccine }) => number === dose.batch && vaccine === row.vaccine);
  return {
    name: row.name,
    document_masked: row.tail && t("尾号 %(tail)s", { tail: row.tail }),
    vaccine_name: programme?.vaccine_name ?? row.programme_name,
    vaccine_name_en: programme?.vaccine_name_en ?? row.programme_name_en,
    expires_on: batch?.expires_on,
    ...dose,
    given_by: dose.given_by_name,
    dose: row.dose,
    doses: row.doses,
    site_name: shift.site.name,
    site_name_en: shift.site.name_en,
    next_dose_from: notBefore(programme?.intervals ?? [], { dose: row.dose + 1, before_on: dayOf(dose.given_at) }),
  };
}

function nextDose(row, from) {
  if (row.dose >= row.doses) return t("已打完，没有下一剂");
  return from ? t("第 %(n)s 剂：%(day)s 起，请提前预约", { n: row.dose + 1, day: from }) : t("请问接种人员");
}
