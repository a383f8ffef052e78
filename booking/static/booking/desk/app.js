// The desk starts here.
import { html, render } from "./html.js";
import { startActs } from "./acts.js";
import { Frame } from "./frame.js";
import { Shift } from "./screens/shift.js";
import { takeRows, useDesk, change } from "./state.js";
import { allActs, allConflicts, allRows, getMeta, openStore, setMeta } from "./store.js";
import { sendNow, startSync } from "./sync.js";

function App() {
  const { shift } = useDesk();
  return shift ? html`<${Frame} />` : html`<${Shift} />`;
}

async function start() {
  await openStore();
  const deviceId = (await getMeta("device")) || crypto.randomUUID();
  await setMeta({ device: deviceId });
  const shift = (await getMeta("shift")) || null;
  change({ shift, ...((await getMeta("about")) || {}), dataAt: await getMeta("dataAt"), conflicts: await allConflicts() });
  takeRows(await allRows(), { whole: true });
  startActs({
    deviceId, lastSequence: (await getMeta("sequence")) || 0, acts: await allActs(), sender: sendNow,
  });
  render(html`<${App} />`, document.getElementById("desk"));
  if (shift) startSync({ from: await getMeta("cursor") });
}

start();
