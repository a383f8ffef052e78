// The waiting room's screen: asks every two seconds what to show. When no answer comes it keeps what it had.
const ASK_MS = 2000;
const LOST_MS = 30_000;
const DIGITS = "零一二三四五六七八九";

const at = (id) => document.getElementById(id);
let answeredAt = Date.now();
let ahead = 0; // how far the server's clock is ahead of ours
let known = null; // calls that were shown, so that only new ones are spoken
let sound = null;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function withEnglish(target, text, english) {
  target.replaceChildren(text);
  if (!english) return;
  const small = element("small", "", english);
  small.lang = "en";
  target.append(" ", small);
}

function showCode(state) {
  at("room").hidden = true;
  at("pairing").hidden = false;
  at("code").textContent = state.code ? `${state.code.slice(0, 3)} ${state.code.slice(3)}` : "…";
  const until = state.until && timeOf(state.until);
  withEnglish(at("code-until"), until ? `${until} 前有效` : "", until && `Valid until ${until}`);
  known = null;
}

function showRoom(state) {
  at("pairing").hidden = true;
  at("room").hidden = false;
  ahead = Date.parse(state.now) - Date.now();
  withEnglish(at("site"), state.site.name, state.site.name_en);
  if (state.site.phone) at("phone").textContent = state.site.phone;
  showCalls(state.calls);
  at("for-questions").textContent = state.for_questions;
  at("for-dose").textContent = state.for_dose;
  at("observed").textContent = state.observed;
  at("wait").hidden = state.minutes === null;
  at("minutes").textContent = state.minutes ?? "";
  at("leave").hidden = state.may_leave.length === 0;
  at("leaving").replaceChildren(...state.may_leave.map((ticket) => element("li", "", ticket)));
}

function showCalls(calls) {
  at("nobody").hidden = calls.length > 0;
  const shown = new Set(calls.map((call) => `${call.ticket} ${call.at}`));
  const fresh = known ? calls.filter((call) => !known.has(`${call.ticket} ${call.at}`)) : [];
  if (known && fresh.length === 0 && shown.size === known.size) return;
  at("calls").replaceChildren(...calls.map((call, n) => {
    const row = element("li", n === 0 ? "now" : "", "");
    row.append(element("span", "ticket", call.ticket), element("span", "name", call.name), element("span", "desk", call.desk));
    return row;
  }));
  known = shown;
  for (const call of fresh.reverse()) announce(call);
}

function announce(call) {
  if (!sound) return;
  ding();
  if (!("speechSynthesis" in window)) return;
  const number = call.ticket.replace(/\d/g, (digit) => DIGITS[Number(digit)]);
  for (let turn = 0; turn < 2; turn += 1) {
    const words = new SpeechSynthesisUtterance(`请${number}号，到${call.desk}`);
    words.lang = "zh-CN";
    words.rate = 0.9;
    speechSynthesis.speak(words);
  }
}

function ding() {
  const now = sound.currentTime;
  for (const [after, pitch] of [[0, 880], [0.18, 660]]) {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, now + after);
    volume.gain.exponentialRampToValueAtTime(0.001, now + after + 0.5);
    tone.connect(volume).connect(sound.destination);
    tone.start(now + after);
    tone.stop(now + after + 0.5);
  }
}

function timeOf(moment) {
  return moment.slice(11, 16);
}

function tick() {
  // The city’s time, wherever the screen believes it is.
  const now = new Date(Date.now() + ahead);
  at("clock").textContent = now.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: document.documentElement.dataset.zone });
  at("lost").hidden = Date.now() - answeredAt < LOST_MS;
}

async function ask() {
  try {
    const response = await fetch(document.documentElement.dataset.state, { cache: "no-store", signal: AbortSignal.timeout(8000) });
    if (response.ok) {
      const state = await response.json();
      answeredAt = Date.now();
      if (state.paired) showRoom(state);
      else showCode(state);
    }
  } catch {
    // It is told by the line that appears after half a minute.
  }
  tick();
  setTimeout(ask, ASK_MS);
}

// Browsers make no sound before somebody has touched the page.
at("sound").addEventListener("click", () => {
  sound = new AudioContext();
  at("sound").hidden = true;
  ding();
});
setInterval(tick, 1000);
ask();
