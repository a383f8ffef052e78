// Every screen by its name in the address: {screen, may?, beside?}. `screen` gets the rest of the address as
// `argument`; `may` is what one has to be allowed to do; `beside` stands to its left on a wide screen.
import { Find } from "./find.js";
import { OnePerson } from "./person.js";
import { Menu } from "./menu.js";
import { Queue } from "./queue.js";
import { Result } from "./result.js";
import { Scan } from "./scan.js";
import { Shift } from "./shift.js";
import { Today } from "./today.js";

export const SCREENS = {
  scan: { screen: Scan, beside: "today" },
  result: { screen: Result, beside: "today" },
  today: { screen: Today },
  person: { screen: OnePerson, beside: "today" },
  find: { screen: Find, beside: "today" },
  menu: { screen: Menu },
  queue: { screen: Queue },
  shift: { screen: Shift },
};
