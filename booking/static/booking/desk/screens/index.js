// Every screen by its name in the address: {screen, may?, beside?}. `screen` gets the rest of the address as
// `argument`; `may` is what one has to be allowed to do; `beside` stands to its left on a wide screen.
import { Leftovers } from "./leftovers.js";
import { Menu } from "./menu.js";
import { Queue } from "./queue.js";
import { Shift } from "./shift.js";

export const SCREENS = {
  leftovers: { screen: Leftovers, may: "leftovers" },
  menu: { screen: Menu },
  queue: { screen: Queue },
  shift: { screen: Shift },
};
