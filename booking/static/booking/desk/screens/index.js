// Every screen by its name in the address: {screen, may?, beside?}. `screen` gets the rest of the address as
// `argument`; `may` is what one has to be allowed to do; `beside` stands to its left on a wide screen.
import { Close } from "./close.js";
import { Queue } from "./queue.js";
import { Shift } from "./shift.js";
import { Stock } from "./stock.js";

export const SCREENS = {
  close: { screen: Close, may: "close_day" },
  queue: { screen: Queue },
  shift: { screen: Shift },
  stock: { screen: Stock, may: "stock" },
};
