// Somebody without an appointment (S7): their document, what they can have today, a ticket with the time to be back.
// It needs the network: places are given out by the server alone.
import { html, useEffect, useState } from "../html.js";
import { timeOf } from "../clock.js";
import { atSite, call, Offline } from "../net.js";
import { addressOf } from "../router.js";
import { desk, deskNow, takeRows, useDesk } from "../state.js";
import { Empty, Notice, Title, useBusy } from "../ui.js";
import { useUnsaved } from "../unsaved.js";
import { named, t } from "../words.js";
import { Options, whyNot } from "./options.js";
import { EMPTY, PersonForm } from "./person_form.js";
import { Ticket } from "./ticket.js";

export function WalkIn() {
  const { online, shift } = useDesk();
  const [person, setPerson] = useState(EMPTY);
  const [errors, setErrors] = useState({});
  const [found, setFound] = useState(null);
  const [ticket, setTicket] = useState(null);
  const [problem, setProblem] = useState("");
  const [busy, run] = useBusy();
  const site = shift.site.code;
  useUnsaved(person !== EMPTY);

  const next = () => {
    setPerson(EMPTY);
    setErrors({});
    setFound(null);
    setTicket(null);
    setProblem("");
  };
  const ask = (work) => run(async () => {
    setProblem("");
    try {
      await work();
    } catch (error) {
      setErrors(errorsOf(error));
      setProblem(inWords(error));
    }
  });
  const look = () => ask(async () => {
    setErrors({});
    setFound(null);
    const { document_type, document_number, birth_date, sex } = person;
    const answer = await call("POST", "walk-ins/options", { site, document_type, document_number, birth_date, sex });
    setFound({ ...answer, asked_at: deskNow().toISOString() });
  });
  const take = (option) => ask(async () => {
    // The same moment for every try: it is one ticket, however often it is asked for.
    const body = { ...person, site, desk: desk.shift.desk, programme: option.programme, happened_at: found.asked_at };
    const given = await call("POST", "walk-ins", body);
    if (given.row) takeRows([given.row]);
    setTicket({ ...given.ticket, option });
  });

  if (ticket) return html`<${Ticket} ticket=${ticket} onNext=${next} />`;
  if (!online && !found) return html`<${WithoutNetwork} />`;
  return html`<section class="sheet walk-in">
    <${Title} hint=${t("没有预约的人：看证件，看今天还有没有号")}>${t("现场号")}<//>
    ${found
      ? html`<${Options} found=${found} person=${person} busy=${busy} onTake=${take} onOther=${next} />`
      : html`<${PersonForm} person=${person} errors=${errors} busy=${busy} onChange=${setPerson} onErrors=${setErrors} onDone=${look} />`}
    ${problem && html`<${Notice} kind="error" live>${problem}<//>`}
    ${!found && html`<${GivenToday} site=${site} />`}
  </section>`;
}

function inWords(error) {
  if (error instanceof Offline) return t("没有连上。现场取号要有网络，请再试一次。");
  if (Object.keys(errorsOf(error)).length) return t("请改好上面标出的内容。");
  return error.detail ? whyNot(error) : t("没有办成，请再试一次");
}

function errorsOf(error) {
  const told = error.facts?.errors;
  return Array.isArray(told) ? Object.fromEntries(told.map((one) => [one.field, one.message])) : {};
}

function WithoutNetwork() {
  return html`<section class="sheet narrow"><${Title}>${t("现场号")}<//>
    <${Empty} icon="offline" title=${t("没有网络，现在不能发现场号")}>
      <p>${t("号是全市一起算的，要联网才能发。")}</p><//>
    <ol class="do-instead">
      <li>${t("请本人先坐下，在纸上记姓名、手机和想打的疫苗。")}</li>
      <li>${t("网通了，按先后在这里取号。")}</li>
      <li>${t("有预约的人照常签到：断网也能扫。")}</li>
    </ol></section>`;
}

function GivenToday({ site }) {
  const { programmes, online } = useDesk();
  const [today, setToday] = useState(null);
  useEffect(() => {
    let here = true;
    if (online) call("GET", atSite("walk-ins", site)).then((answer) => here && setToday(answer), () => {});
    return () => (here = false);
  }, [site, online]);
  if (!today) return null;
  const nameOf = (code) => {
    const programme = programmes.find((one) => one.code === code);
    return programme ? named(programme) : code;
  };
  return html`<section class="given-today"><h2>${t("今天还有的号")}</h2>
    ${today.places.length === 0 && html`<p class="note">${t("今天没有现场号了。")}</p>`}
    <ul class="places-today">${today.places.map((place) => html`<li key=${`${place.slot}${place.origin}`}>
      <span>${nameOf(place.programme)}<small>${originOf(place)}</small></span>
      <span>${isNow(place) ? t("现在") : timeOf(place.return_at)} · ${t("%(n)s 个", { n: place.count })}</span></li>`)}</ul>
    ${today.tickets.length > 0 && html`<h2>${t("今天发出的号（%(n)s）", { n: today.tickets.length })}</h2>
      <ul class="places-today">${today.tickets.map((one) => html`<li key=${one.reference}>
        <a href=${addressOf("person", one.reference)}>${one.name} · ${one.tail}</a><span>${t("%(time)s 来", { time: timeOf(one.return_at) })}</span></li>`)}</ul>`}
  </section>`;
}

const isNow = ({ return_at }) => new Date(return_at) <= deskNow();

function originOf({ origin }) {
  if (origin === "late") return t("迟到的人让出的");
  return origin === "unbooked" ? t("没约出去的") : t("留给现场的");
}
