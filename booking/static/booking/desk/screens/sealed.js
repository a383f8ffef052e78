// What an act in conflict says about somebody's health: kept sealed, opened by a supervisor, and that leaves a trace.
import { html, useState } from "../html.js";
import { timeOf } from "../clock.js";
import { atSite, call, whyNot } from "../net.js";
import { questions } from "../rules/questions.js";
import { reactionActions, reactionKinds } from "../rules/reactions.js";
import { desk } from "../state.js";
import { Button, Facts, Notice, useBusy } from "../ui.js";
import { bodySites, routes, wordOf } from "../visit/body.js";
import { t } from "../words.js";

export function Sealed({ conflict }) {
  const [said, setSaid] = useState(null);
  const [why, setWhy] = useState("");
  const [busy, run] = useBusy();
  const open = () => run(async () => {
    try {
      setSaid((await call("GET", atSite(`conflicts/${conflict.id}/sealed`, desk.shift.site.code))).said);
      setWhy("");
    } catch (error) {
      setWhy(whyNot(error));
    }
  });
  if (said) return html`<${Facts} rows=${linesOf(said)} />`;
  return html`${why && html`<${Notice} kind="error" live>${why}<//>`}
    <p class="quiet">${t("健康回答和写的说明是封存的。谁什么时候看过，会记下来。")}</p>
    <${Button} icon="lock" busy=${busy} onClick=${open}>${t("打开看，并留下记录")}<//>`;
}

// Each kind of act says some of these.
function linesOf(said) {
  const asked = questions();
  const yes = (said.said_yes ?? []).map((code) => asked.find((one) => one.code === code)?.asks ?? code);
  return [
    [t("答“是”"), said.said_yes && (yes.join(" ") || t("都没有"))],
    [t("结论"), { may: t("可以接种"), defer: t("暂缓"), refuse: t("不接种") }[said.decision]],
    [t("暂缓到哪天"), said.deferred_until],
    [t("看到什么"), said.kind && wordOf(reactionKinds(), said.kind)],
    [t("几点开始"), said.began_at && timeOf(said.began_at)],
    [t("怎么处理的"), said.action && wordOf(reactionActions(), said.action)],
    [t("批号"), said.batch],
    [t("部位"), said.body_site && wordOf(bodySites(), said.body_site)],
    [t("途径"), said.route && wordOf(routes(), said.route)],
    [t("放行的理由"), said.lift_reason],
    [t("为什么提前离开"), said.early],
    [t("原因"), said.reason],
    [t("说明"), said.note],
  ];
}
