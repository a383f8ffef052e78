// The search by document in the whole city: needs the network and a reason, leaves a trace, and says of other sites no
// more than place, day and time.
import { html, useState } from "../html.js";
import { dayOf, timeOf } from "../clock.js";
import { DocumentType } from "./document_type.js";
import { checkInCode } from "./flow.js";
import { call, Offline } from "../net.js";
import { addressOf } from "../router.js";
import { isReason } from "../rules/dose.js";
import { desk, rowOf, useDesk } from "../state.js";
import { Button, Field, Notice, useBusy } from "../ui.js";
import { named, t } from "../words.js";

export function Wider() {
  const [open, setOpen] = useState(false);
  if (!open) return html`<div class="wider"><${Button} icon="search" onClick=${() => setOpen(true)}>${t("用证件号查全市")}<//></div>`;
  return html`<div class="wider"><${ByDocument} /></div>`;
}

function ByDocument() {
  const { online } = useDesk();
  const [asked, setAsked] = useState({ type: "resident_id", number: "", reason: "" });
  const [errors, setErrors] = useState({});
  const [answer, setAnswer] = useState(null);
  const [busy, run] = useBusy();
  const set = (name) => (value) => {
    setAsked((was) => ({ ...was, [name]: value }));
    setErrors((was) => ({ ...was, [name]: "" }));
  };
  const submit = (event) => {
    event.preventDefault();
    const wrong = {
      number: asked.number.trim().length >= 4 ? "" : t("请输入证件号"),
      reason: isReason(asked.reason) ? "" : t("请写明为什么查，至少四个字"),
    };
    setErrors(wrong);
    if (!wrong.number && !wrong.reason) run(async () => setAnswer(await search(asked)));
  };
  return html`<form onSubmit=${submit} class="by-number">
    <h2>${t("用证件号查全市")}</h2>
    <${Notice} kind="info">${t("谁在什么时候、为什么查，都会记下来。别的接种点只显示地点、日期和时间。")}<//>
    <${DocumentType} value=${asked.type} onChange=${set("type")} />
    <${Field} name="document" label=${t("证件号")} value=${asked.number} onInput=${set("number")} error=${errors.number}
      autocomplete="off" maxlength="40" spellcheck="false" />
    <${Field} name="reason" label=${t("为什么查")} hint=${t("例如：本人在场，忘带手机")} value=${asked.reason}
      onInput=${set("reason")} error=${errors.reason} maxlength="100" autocomplete="off" />
    ${!online && html`<${Notice} kind="warn">${t("要联网才能查。")}<//>`}
    <${Button} kind="main" type="submit" busy=${busy} disabled=${!online}>${t("查找")}<//>
    ${answer && html`<${Answer} answer=${answer} />`}
  </form>`;
}

async function search({ type, number, reason }) {
  try {
    return await call("POST", "find", {
      site: desk.shift.site.code, document_type: type, document_number: number, reason: reason.trim(),
    });
  } catch (error) {
    if (error instanceof Offline) return { problem: t("没有连上，请联网后再查。") };
    return { problem: error.detail || t("没有查成，请再试一次") };
  }
}

function Answer({ answer }) {
  if (answer.problem) return html`<${Notice} kind="error" live>${answer.problem}<//>`;
  if (answer.appointments.length === 0) {
    return html`<${Notice} kind="info" live>${t("全市前后两周都没有这个证件的预约。可以看看现场有没有号。")}<//>`;
  }
  return html`<ul class="found" role="status">${answer.appointments.map((one, number) => html`<${Found} key=${number} one=${one} />`)}</ul>`;
}

function Found({ one }) {
  const [busy, run] = useBusy();
  const { row } = one;
  const site = named(one, "site_name");
  const status = { booked: t("已预约"), checked_in: t("已到"), fulfilled: t("已接种"), cancelled: t("已取消"), no_show: t("爽约") }[one.status];
  const code = { kind: "reference", reference: row?.reference };
  return html`<li><p><b>${site}</b><br />${dayOf(one.starts_at)} ${timeOf(one.starts_at)} · ${status}</p>
    ${row && rowOf(row.reference) && html`<a class="button" href=${addressOf("person", row.reference)}>${t("打开")}</a>`}
    ${row && !rowOf(row.reference) && html`<${Button} busy=${busy} onClick=${() => run(() => checkInCode(code, "document"))}>${t("签到")}<//>`}</li>`;
}
