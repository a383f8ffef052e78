// Every screen by its name in the address: {screen, may?, beside?}. `screen` gets the rest of the address as
// `argument`; `may` is what one has to be allowed to do; `beside` stands to its left on a wide screen.
import { Leftovers } from "./leftovers.js";
import { Find } from "./find.js";
import { OnePerson } from "./person.js";
import { Menu } from "./menu.js";
import { Close } from "./close.js";
import { Queue } from "./queue.js";
import { Result } from "./result.js";
import { Scan } from "./scan.js";
import { Screens } from "./screens.js";
import { Shift } from "./shift.js";
import { Stock } from "./stock.js";
import { Today } from "./today.js";
import { Ask } from "../visit/ask.js";
import { Correct } from "../visit/correct.js";
import { Dose } from "../visit/dose.js";
import { Observe } from "../visit/observe.js";
import { Record } from "../visit/record.js";
import { Station } from "../visit/station.js";
import { WalkIn } from "../walk_in/walk_in.js";

export const SCREENS = {
  leftovers: { screen: Leftovers, may: "leftovers" },
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
  screens: { screen: Screens, may: "pair_screen" },
  menu: { screen: Menu },
  close: { screen: Close, may: "close_day" },
  queue: { screen: Queue },
  shift: { screen: Shift },
  stock: { screen: Stock, may: "stock" },
};
