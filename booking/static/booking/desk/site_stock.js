// The stock of the site as the server has it: asked for when a screen opens, and after every entry.
import { useEffect, useState } from "./html.js";
import { atSite, call, Offline } from "./net.js";
import { desk } from "./state.js";
import { t } from "./words.js";

/** {stock, told, send, load}: `send(path, facts)` enters something and takes the answer; `told` says what went wrong. */
export function useStock() {
  const [stock, setStock] = useState(null);
  const [told, setTold] = useState("");

  async function ask(work) {
    try {
      setStock(await work());
      setTold("");
      return true;
    } catch (error) {
      setTold(error instanceof Offline ? t("网断了，库存要联网才能看和登记。先写在纸上，联网后补上。") : error.detail || error.message);
      return false;
    }
  }

  const load = () => ask(() => call("GET", atSite("stock", desk.shift.site.code)));
  const send = (path, facts) => ask(() => call("POST", path, { site: desk.shift.site.code, ...facts }));
  useEffect(() => void load(), []);
  return { stock, told, send, load };
}

/** A key of its own for one entry, so that sending it again is the same entry. */
export function entryKey() {
  return `entry-${crypto.randomUUID()}`;
}
