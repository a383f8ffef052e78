// The desk starts here.
import { Fragment, html, render, useEffect, useRef } from "./html.js";
import { startActs } from "./acts.js";
import { takeCode } from "./check_in/held.js";
import { setClockAhead, timeOf } from "./clock.js";
import { noteDevice, thisDevice } from "./device.js";
import { Frame } from "./frame.js";
import { rememberLock, startIdle } from "./idle.js";
import { mayWork } from "./one_tab.js";
import { startPreferences } from "./preferences.js";
import { where } from "./router.js";
import { scanned, takeScans } from "./scanner/scans.js";
import { listenForScanners } from "./scanner/usb.js";
import { DayOver } from "./screens/day_over.js";
import { bringScreens } from "./screens/index.js";
import { Lock } from "./screens/lock.js";
import { Shift } from "./screens/shift.js";
import { SignInAgain } from "./screens/sign_in.js";
import { leaveShift } from "./session.js";
import { unlockSound } from "./sound.js";
import { change, desk, takeRows, useDesk } from "./state.js";
import { allActs, allConflicts, allRows, getMeta, openStore } from "./store.js";
import { isOldDay, sendNow, startSync } from "./sync.js";
import { Empty, useTicking } from "./ui.js";
import { startUpdates } from "./update.js";
import { t } from "./words.js";

// So long the page's own first load goes before the screens that are to follow it.
const PATIENCE_MS = 15_000;
const root = document.getElementById("desk");

function App() {
  const { shift, starting, locked, wantsSignIn, day } = useDesk();
  useTicking(15);
  const page = useRef(null);
  const covered = Boolean(shift) && (locked || wantsSignIn);
  const over = Boolean(shift) && isOldDay(day);
  useEffect(() => rememberLock(locked), [locked]);
  // What lies under the lock keeps what was filled in, and cannot be reached, by no scanner either.
  useEffect(() => {
    if (page.current) page.current.inert = covered;
    return covered || over ? takeScans(() => true) : undefined;
  }, [covered, over, Boolean(shift), starting]);
  if (!shift || starting) return html`<${Brand} /><main class="one"><div class="screen"><${Shift} /></div></main>`;
  return html`<${Fragment}><div class="page" ref=${page} hidden=${covered}>
      ${over && html`<${Brand} /><main class="one"><div class="screen"><${DayOver} /></div></main>`}
      ${!over && !(covered && isScanning()) && html`<${Frame} />`}</div>
    ${covered && html`<${Brand} /><main class="one cover"><div class="screen">
      ${locked ? html`<${Lock} />` : html`<${SignInAgain} why=${t("登录已过期。办到一半的都还在。")} />`}</div></main>`}<//>`;
}

/** Whose page it is, where nobody works yet. */
function Brand() {
  return html`<header class="top"><b>${t("接种服务台")}</b></header>`;
}

// There is nothing to keep of it, and its camera need not run behind a lock.
const isScanning = () => where().name === "scan";

function say(title, words) {
  render(html`<main class="one"><section class="sheet"><${Empty} icon="warning" title=${title}><p>${words}</p><//></section></main>`, root);
}

async function start() {
  await startPreferences();
  if (!isSecureContext) return say(t("这个网址不安全"), t("请用 https 开头的网址打开服务台。"));
  await mayWork(() => say(t("服务台已在另一个标签页打开"), t("请回到那个标签页；关掉它，这里就会接着打开。")));
  try {
    await openStore();
  } catch {
    return say(t("本机不能存数据"), t("请不要用无痕窗口，并清出一些存储空间，再刷新本页。"));
  }
  await resume();
  unlockSound();
  takeScans(takeCode);
  listenForScanners((text) => desk.shift && !desk.locked && !desk.wantsSignIn && scanned(text, "typed"));
  startIdle();
  render(html`<${App} />`, root);
  Promise.race([startUpdates(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]).then(bringScreens);
  return undefined;
}

async function resume() {
  const { id, sequence, lost } = await thisDevice();
  const [shift, about, day, dataAt, ahead] = await Promise.all(["shift", "about", "day", "dataAt", "clockAhead"].map(getMeta));
  setClockAhead(ahead);
  change({
    shift: shift || null, ...about, day: day || null, dataAt: dataAt || null, conflicts: await allConflicts(),
    lost: lost && { pending: lost.pending, time: timeOf(lost.at) },
  });
  takeRows(await allRows(), { whole: true });
  await startActs({ deviceId: id, lastSequence: sequence, acts: await allActs(), sender: sendNow });
  noteDevice({ id, sequence, pending: desk.pending });
  if (shift) startSync({ from: (await getMeta("cursor")) || null, onDayOver: leaveShift });
}

start();
