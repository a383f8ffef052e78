// A screen whose module is not needed to begin: it comes when the screen is first opened, or before, once the page is
// kept on the device.
import { html, useEffect, useState } from "../html.js";
import { useDesk } from "../state.js";
import { Actions, Button, Empty, Title } from "../ui.js";
import { t } from "../words.js";

// A wait that nobody notices needs no words.
const SHORT_MS = 400;

/** The screen that `load` brings. Its own `load` brings it ahead of time, and fails as an import does. */
export function later(load) {
  let loaded = null;
  const bring = async () => {
    loaded ??= await load();
  };

  function Later(props) {
    const { online } = useDesk();
    const [failed, setFailed] = useState(false);
    const [tries, setTries] = useState(0);
    useEffect(() => {
      if (loaded) return undefined;
      let here = true;
      bring().then(() => here && setTries((count) => count + 1), () => here && setFailed(true));
      return () => (here = false);
    }, [tries, online]);
    if (loaded) return html`<${loaded} ...${props} />`;
    const again = () => {
      setFailed(false);
      setTries((count) => count + 1);
    };
    return failed ? html`<${NotHere} online=${online} onAgain=${again} />` : html`<${Coming} />`;
  }
  Later.load = bring;
  return Later;
}

function Coming() {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), SHORT_MS);
    return () => clearTimeout(timer);
  }, []);
  return html`<section class="sheet" aria-busy="true">${long && html`<p role="status">${t("正在打开…")}</p>`}</section>`;
}

// With the network a newer version may have taken the place of this one; reloading brings that and loses nothing.
function NotHere({ online, onAgain }) {
  return html`<section class="sheet"><${Title}>${t("这一页还没有取到")}<//>
    <${Empty} icon="offline" title=${online ? t("请再试一次") : t("网断了，这一页还没存到本机")}>
      <p>${online ? t("还不行就刷新本页；待传的都在本机，不会丢。") : t("联网后再打开。签到和今天的名单照常可用。")}</p><//>
    <${Actions}><${Button} kind="main" onClick=${onAgain}>${t("再试一次")}<//>
      ${online && html`<${Button} onClick=${() => location.reload()}>${t("刷新本页")}<//>`}<//></section>`;
}
