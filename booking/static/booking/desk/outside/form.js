// One dose as the paper says it, looked at once more before it counts.
import { dayOf } from "../clock.js";
import { html, useState } from "../html.js";
import { call, whyNot } from "../net.js";
import { deskNow } from "../state.js";
import { Actions, Button, Choice, Confirm, Facts, Field, Notice, useBusy } from "../ui.js";
import { useUnsaved } from "../unsaved.js";
import { named, t } from "../words.js";

const PAPERS = () => [t("预防接种证"), t("外地接种凭证"), t("电子接种记录")];

export function DoseForm({ programmes, wanted, asked, onEntered, onBack }) {
  useUnsaved();
  const { series, vaccines } = programmes;
  const first = series.find((one) => one.code === wanted) ?? series[0];
  const [said, setSaid] = useState({
    programme: first.code, vaccine: first.vaccine, dose: 1, given_on: "", where: "", batch: "", evidence: "",
  });
  const [wrong, setWrong] = useState({});
  const [asks, setAsks] = useState(false);
  const [why, setWhy] = useState("");
  const [busy, run] = useBusy();
  const programme = series.find((one) => one.code === said.programme);
  const set = (name) => (value) => {
    setSaid((was) => ({ ...was, [name]: value }));
    setWrong((was) => ({ ...was, [name]: "" }));
  };
  const choose = (code) => {
    const { vaccine } = series.find((one) => one.code === code);
    setSaid((was) => ({ ...was, programme: code, vaccine, dose: 1 }));
  };
  const check = (event) => {
    event.preventDefault();
    const found = mistakes(said);
    setWrong(found);
    setAsks(Object.keys(found).length === 0);
  };
  const enter = () => run(async () => {
    try {
      const { dose } = await call("POST", "outside-doses", { ...asked, ...said });
      onEntered(dose);
    } catch (error) {
      const told = error.facts?.errors;
      if (Array.isArray(told)) setWrong(Object.fromEntries(told.map((one) => [one.field, one.message])));
      setWhy(whyNot(error));
      setAsks(false);
    }
  });
  return html`<form onSubmit=${check} novalidate autocomplete="off" class="outside-form">
    <${Select} name="programme" label=${t("接种项目")} value=${said.programme} onChange=${choose} options=${series} />
    <${Select} name="vaccine" label=${t("疫苗")} value=${said.vaccine} onChange=${set("vaccine")} options=${vaccines} />
    <${Choice} small label=${t("第几剂")} name="dose" value=${said.dose} onChange=${set("dose")} error=${wrong.dose}
      options=${Array.from({ length: programme.doses }, (_, n) => [n + 1, t("第 %(dose)s 剂", { dose: n + 1 })])} />
    <${Field} name="given_on" type="date" label=${t("接种日期")} max=${dayOf(deskNow())} value=${said.given_on}
      onInput=${set("given_on")} error=${wrong.given_on} />
    <${Field} name="where" label=${t("在哪里打的")} hint=${t("城市和接种单位，例如：武汉市江岸区疾控中心")} value=${said.where}
      onInput=${set("where")} error=${wrong.where} maxlength="120" />
    <${Field} name="batch" label=${t("批号（凭据上没有可不填）")} value=${said.batch} onInput=${set("batch")} maxlength="40" spellcheck="false" />
    <${Choice} small label=${t("看了什么凭据")} name="evidence" value=${said.evidence} onChange=${set("evidence")} error=${wrong.evidence}
      options=${PAPERS().map((paper) => [paper, paper])} />
    ${why && html`<${Notice} kind="error" live>${why}<//>`}
    <${Actions}><${Button} kind="main" type="submit">${t("核对")}<//>
      <${Button} kind="quiet" onClick=${onBack}>${t("返回")}<//><//>
    ${asks && html`<${Confirm} title=${t("按凭据录入这一剂？")} yes=${t("录入")} busy=${busy} onYes=${enter} onNo=${() => setAsks(false)}>
      <${Facts} rows=${[
        [t("接种项目"), named(programme)],
        [t("疫苗"), named(vaccines.find((one) => one.code === said.vaccine))],
        [t("剂次"), t("第 %(dose)s 剂", { dose: said.dose })],
        [t("接种日期"), said.given_on],
        [t("地点"), said.where],
        [t("批号"), said.batch],
        [t("凭据"), said.evidence],
      ]} /><p>${t("录入后马上算数：下一剂从这一天起算间隔。")}</p><//>`}
  </form>`;
}

function Select({ name, label, value, options, onChange }) {
  const id = `field-${name}`;
  return html`<div class="field"><label for=${id}>${label}</label>
    <select id=${id} name=${name} value=${value} onChange=${(event) => onChange(event.currentTarget.value)}>
      ${options.map((one) => html`<option key=${one.code} value=${one.code}>${named(one)}</option>`)}</select></div>`;
}

function mistakes({ given_on, where, evidence }) {
  const found = {};
  if (!given_on) found.given_on = t("请填写接种日期。");
  else if (given_on > dayOf(deskNow())) found.given_on = t("接种日期不能在今天之后。");
  if (!where.trim()) found.where = t("请写在哪里打的。");
  if (!evidence) found.evidence = t("请选看了什么凭据。没有凭据不能录。");
  return found;
}
