// The city screen: asks every few seconds what to show, and puts in what has changed. When no answer comes it says since
// when what stands there is old. Without this script the page loads itself anew.
const ASK_MS = 6000;
const LOST_MS = 20_000;
const ROTATE_MS = 20_000;

const at = (id) => document.getElementById(id);
const root = document.documentElement;
let answeredAt = Date.now();
let toldAt = "";
let ahead = 0; // how far the server's clock is ahead of ours
let last = new Map(); // what each part was, as the server sent it
let turn = 0;

function clockOf(moment) {
  return new Date(moment).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: root.dataset.zone });
}

function tick() {
  const clock = at("clock");
  if (clock) clock.textContent = clockOf(Date.now() + ahead);
  const lost = at("lost");
  if (!lost) return;
  const isLost = Date.now() - answeredAt >= LOST_MS;
  if (isLost && lost.hidden) {
    lost.textContent = `${lost.dataset.words} ${toldAt || clockOf(answeredAt + ahead)}`;
  }
  if (lost.hidden === isLost) lost.hidden = !isLost;
  document.body.classList.toggle("lost", isLost);
}

function redAlerts(within) {
  return new Set([...within.querySelectorAll(".alert.red")].map((one) => one.dataset.alert));
}

// Only what is different is put in, so that focus and scrolling stay where they are.
function put(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  const live = at("live");
  const known = redAlerts(live);
  if ([...redAlerts(made.content)].some((alert) => !known.has(alert))) at("news").textContent = at("news").dataset.red;
  else at("news").textContent = "";
  const fresh = new Map([...made.content.querySelectorAll("[id^='part-']")].map((part) => [part.id, part]));
  const shown = [...live.querySelectorAll("[id^='part-']")].map((part) => part.id);
  if (shown.length !== fresh.size || shown.some((id) => !fresh.has(id))) {
    live.replaceChildren(made.content);
  } else {
    for (const [id, part] of fresh) {
      const outer = part.outerHTML.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");
      if (last.get(id) === outer) continue;
      if (last.has(id)) replace(at(id), part);
      last.set(id, outer);
    }
    // The main part's look depends on how old the numbers are.
    live.querySelector("main").className = made.content.querySelector("main")?.className ?? live.querySelector("main").className;
  }
}

function replace(old, part) {
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const scrolled = [...old.querySelectorAll(".scroll")].map((one) => [one.id, one.scrollTop]);
  old.replaceWith(part);
  for (const [id, top] of scrolled) if (at(id)) at(id).scrollTop = top;
  if (focused) at(focused)?.focus();
}

function address() {
  const wanted = new URLSearchParams(location.search);
  if (wanted.get("rotate") === "on") {
    const codes = ["", ...[...document.querySelectorAll("a.tile")].map((tile) => tile.id.slice(5))];
    if (codes.length > 1) address.codes = codes;
    const all = address.codes ?? [""];
    turn = Math.floor(Date.now() / ROTATE_MS) % all.length;
    wanted.set("district", all[turn]);
  }
  return `${root.dataset.state}?${wanted}`;
}

function showCode(state) {
  const code = at("code");
  if (!code) location.reload();
  else if (state.code) code.textContent = `${state.code.slice(0, 3)} ${state.code.slice(3)}`;
}

async function ask() {
  try {
    const response = await fetch(address(), { cache: "no-store", signal: AbortSignal.timeout(8000) });
    // Signed out, or not allowed any more: the page itself says what to do.
    if (response.redirected || response.status === 403) location.reload();
    else if (response.ok) {
      const state = await response.json();
      answeredAt = Date.now();
      ahead = Date.parse(state.now) - answeredAt;
      if (!state.html) showCode(state);
      else if (!at("live")) location.reload();
      else {
        toldAt = state.told_at ? state.told_at.slice(11, 16) : "";
        put(state.html);
      }
    }
  } catch {
    // It is told by the line that appears after a while.
  }
  tick();
  setTimeout(ask, ASK_MS);
}

setTimeout(() => document.querySelectorAll(".told").forEach((one) => one.remove()), 30_000);
setInterval(tick, 1000);
ask();
