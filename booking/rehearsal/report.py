"""The report: one HTML file that needs nothing else, in Chinese or English, made from the figures alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from booking.rehearsal import words
from booking.rehearsal.plots import plots_of

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; the first cell names it."""

    name: str
    cells: list[str]
    is_bad: bool = False


def report(figures: Figures, language: str) -> str:
    """The whole file. `language` is zh-hans or en."""
    with translation.override(language):
        verdict, soak = figures["verdict"], figures["soak"]
        context = {
            "language": "en" if language == "en" else "zh-CN",
            "is_soak": figures["kind"] == "soak",
            "holds": verdict["holds"],
            "soak": soak,
            "began_at": datetime.fromisoformat(figures["began_at"]),
            "stopped": figures["stopped"],
            "facts": _facts(figures),
            "promises": words.promises(verdict),
            "settled_after": words.seconds(verdict["settled_after"]),
            "unheard": verdict["unheard"],
            "gate_answers": verdict["gate_answers"],
            "strained": figures["saturated"] is not None,
            "without": words.without_an_answer(figures),
            "advice": [words.advice(one["code"], one["facts"]) for one in figures["advice"]],
            "plots": plots_of(figures),
            "waiting": _waiting(figures),
            "outcomes": _outcomes(figures),
            "requests": _requests(figures),
            "answers": _answers(figures),
            "trends": _trends(soak) if soak else [],
            "settings": _settings(figures),
            "engine_late": words.seconds(figures["engine"]["late"]["p99"]),
        }
        return render_to_string("rehearsal/report.html", context)


def _facts(figures: Figures) -> list[tuple[str, str]]:
    """The few figures above everything else: the number, and what it is."""
    people, waiting = figures["people"], figures["waiting"]
    return [
        (f"{people['came']:,}", _("人来了")),
        (f"{people['places']:,}", _("个号约出去了")),
        (words.seconds(waiting["answer"]["p50"]), _("一半人按下后这么快知道行不行")),
        (words.seconds(waiting["answer"]["p99"]), _("99% 的人在这之内知道")),
    ]


def _spread(found: Figures) -> list[str]:
    return [f"{found['count']:,.0f}", *(words.seconds(found[name]) for name in ("p50", "p95", "p99", "worst"))]


def _waiting(figures: Figures) -> list[Row]:
    waiting = figures["waiting"]
    return [
        Row(_("按下到知道行不行"), _spread(waiting["answer"])),
        Row(_("按下到有号"), _spread(waiting["place"])),
    ]


def _requests(figures: Figures) -> list[Row]:
    return [Row(words.request(found["kind"]), _spread(found)) for found in figures["requests"]]


def _outcomes(figures: Figures) -> list[Row]:
    outcomes = dict(figures["people"]["outcomes"])
    outcomes["still_there"] = figures["people"]["came"] - sum(outcomes.values())
    total = max(figures["people"]["came"], 1)
    return [
        Row(words.outcome(name), [f"{count:,}", f"{count / total:.1%}"])
        for name, count in sorted(outcomes.items(), key=lambda pair: -pair[1])
        if count
    ]


def _answers(figures: Figures) -> list[Row]:
    """Whatever was not simply done, by what it was."""
    counted: dict[str, int] = {}
    for found in figures["requests"]:
        for name, count in found["answers"].items():
            if name not in ("200", "201", "304"):
                counted[name] = counted.get(name, 0) + count
    return [
        Row(words.answer(name), [f"{count:,}"], is_bad=not name.startswith("4"))
        for name, count in sorted(counted.items(), key=lambda pair: -pair[1])
    ]


def _trends(soak: Figures) -> list[Row]:
    return [
        Row(
            words.trend(one["name"]),
            [f"{one['first']:,.1f} {one['unit']}", f"{one['last']:,.1f} {one['unit']}", f"{one['an_hour']:+,.1f}"],
            is_bad=one["grows"] and soak["long_enough"],
        )
        for one in soak["trends"]
    ]


def _settings(figures: Figures) -> list[tuple[str, str]]:
    asked, machine = figures["settings"], figures["machine"]
    even = _("每秒 %(rate)s 人，匀着来") % {"rate": asked["rate"]}
    found = [
        (_("情形"), even if asked["rate"] else words.curve(asked["curve"])),
        (_("人数"), f"{asked['people']:,}"),
        (_("时长"), _("%(n)s 分钟") % {"n": asked["minutes"]}),
        (_("放出的号"), _("%(places)s 个，%(slots)s 个时段，%(sites)s 个接种点") % _spelled(asked)),
        (_("随机种子"), str(asked["seed"])),
        (_("网站机器"), _("、").join(asked["addresses"])),
        (_("每台最多连接"), f"{asked['connections']:,}"),
        (_("造人用时"), words.seconds(asked["prepared"].get("citizens", 0))),
        (_("发请求的机器"), _("%(cores)s 核，%(memory_gb)s GB，%(system)s") % machine),
        (_("账本"), machine["ledger"]),
    ]
    if machine["workers"]:
        found.append((_("网站进程"), _("%(n)s 个，与发请求的程序在同一台机器上") % {"n": machine["workers"]}))
    return found


def _spelled(asked: Figures) -> dict[str, str]:
    return {name: f"{asked[name]:,}" for name in ("places", "slots", "sites")}
