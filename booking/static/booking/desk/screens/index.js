// Every screen by its name in the address: {screen, may?, beside?}. `screen` gets the rest of the address as
// `argument`; `may` is what one has to be allowed to do; `beside` stands to its left on a wide screen.
//
// What a check-in needs is there when the page begins; the rest follows, so that the first load is small.
import { Find } from "./find.js";
import { later } from "./later.js";
import { Menu } from "./menu.js";
import { OnePerson } from "./person.js";
import { Result } from "./result.js";
import { Scan } from "./scan.js";
import { Shift } from "./shift.js";
import { Today } from "./today.js";

const Ask = later(async () => (await import("../visit/ask.js")).Ask);
const Close = later(async () => (await import("./close.js")).Close);
const Correct = later(async () => (await import("../visit/correct.js")).Correct);
const Dose = later(async () => (await import("../visit/dose.js")).Dose);
const Leftovers = later(async () => (await import("./leftovers.js")).Leftovers);
const Observe = later(async () => (await import("../visit/observe.js")).Observe);
const OutsideDoses = later(async () => (await import("../outside/doses.js")).OutsideDoses);
const Queue = later(async () => (await import("./queue.js")).Queue);
const Record = later(async () => (await import("../visit/record.js")).Record);
const Screens = later(async () => (await import("./screens.js")).Screens);
const Station = later(async () => (await import("../visit/station.js")).Station);
const Stock = later(async () => (await import("./stock.js")).Stock);
const WalkIn = later(async () => (await import("../walk_in/walk_in.js")).WalkIn);

export const SCREENS = {
  scan: { screen: Scan, beside: "today" },
  result: { screen: Result, beside: "today" },
  today: { screen: Today },
  person: { screen: OnePerson, beside: "today" },
  find: { screen: Find, beside: "today" },
  station: { screen: Station },
  ask: { screen: Ask, beside: "station" },
  dose: { screen: Dose, beside: "station" },
  observe: { screen: Observe },
  record: { screen: Record },
  correct: { screen: Correct, beside: "today" },
  "walk-in": { screen: WalkIn, may: "walk_in", beside: "today" },
  leftovers: { screen: Leftovers, may: "leftovers" },
  outside: { screen: OutsideDoses, may: "outside_dose", beside: "today" },
  stock: { screen: Stock, may: "stock" },
  close: { screen: Close, may: "close_day" },
  screens: { screen: Screens, may: "pair_screen" },
  queue: { screen: Queue },
  menu: { screen: Menu },
  shift: { screen: Shift },
};

/** Bring the screens that are not here yet; one that does not come now comes when it is opened. */
export async function bringScreens() {
  for (const { screen } of Object.values(SCREENS)) await screen.load?.().catch(() => {});
}
