"""The dashboard and the alerts speak of metrics that there are, and each alert has its part of the runbook."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from django.core.cache import cache
from django.utils import timezone

from booking.metrics import REGISTRY
from booking.queries.observed import Observed
from booking.queries.reconciled import Counts, remember_reconciled
from deploy import city_metrics, machine_metrics
from deploy.backups import LAST_BACKUP

HOUSE = Path(__file__).resolve().parents[2]
MONITORING = HOUSE / "deploy" / "monitoring"
# Labels that Prometheus adds itself, and what it says of each machine.
_OF_PROMETHEUS = {"job", "instance"}
_ITS_OWN = {"up": _OF_PROMETHEUS}


def alerts() -> list[dict[str, Any]]:
    found = yaml.safe_load((MONITORING / "alerts.yml").read_text())
    return [rule for group in found["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    found: dict[str, Any] = json.loads((MONITORING / "dashboard.json").read_text())
    return list(found["panels"])


def expressions() -> list[tuple[str, str]]:
    """(where, expression) of everything that is asked."""
    dashboard = json.loads((MONITORING / "dashboard.json").read_text())
    asked = [(rule["alert"], rule["expr"]) for rule in alerts()]
    asked += [(panel["title"], target["expr"]) for panel in panels() for target in panel.get("targets", ())]
    asked += [(one["name"], one["expr"]) for one in dashboard["annotations"]["list"]]
    return [(where, said.replace("$__rate_interval", "5m")) for where, said in asked]


def selectors(node: Any) -> Iterator[Any]:
    """Every metric that an expression selects."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node
    for name in ("lhs", "rhs", "expr", "args", "vector_selector", "param"):
        inner = getattr(node, name, None)
        for one in inner if isinstance(inner, list) else [inner]:
            if one is not None and not isinstance(one, str | int | float):
                yield from selectors(one)


def grouped_by(node: Any) -> Iterator[str]:
    """Every label that an expression adds up by."""
    if isinstance(node, promql_parser.AggregateExpr) and node.modifier is not None:
        yield from node.modifier.labels
    for name in ("lhs", "rhs", "expr", "args"):
        inner = getattr(node, name, None)
        for one in inner if isinstance(inner, list) else [inner]:
            if one is not None and not isinstance(one, str | int | float):
                yield from grouped_by(one)


@pytest.fixture
def known(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Every metric by the name of its samples, with its labels: of an installation that has everything."""
    cache.set(LAST_BACKUP, 1.0)
    settings.METRICS = {
        **settings.METRICS,
        "folder": tmp_path, "folders": [tmp_path], "certificate": "some.pem",
    }  # fmt: skip
    monkeypatch.setattr(machine_metrics, "_expires", lambda path: 1.0)
    monkeypatch.setattr(city_metrics, "ledger_answers", lambda: True)
    monkeypatch.setattr(city_metrics, "observed", lambda now: Observed(now, schedule_late=1.0, replica_lag=1.0))
    remember_reconciled(Counts(), slots=0, repaired=0, now=timezone.now())
    found: dict[str, set[str]] = {}
    for metric in REGISTRY._names_to_collectors.values():
        for name in metric._metric.describe() if hasattr(metric, "_metric") else metric.describe():
            labels = set(metric._labelnames)
            kinds = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(name.type, [""])
            found |= {f"{name.name}{kind}": labels | ({"le"} if kind == "_bucket" else set()) for kind in kinds}
    for metric in (*machine_metrics.Machine().collect(), *city_metrics.City().collect()):
        found[metric.name + ("_total" if metric.type == "counter" else "")] = set(metric._labelnames)
    return found


def test_every_expression_asks_for_metrics_and_labels_that_there_are(known: dict[str, set[str]]) -> None:
    wrong = []
    for where, said in expressions():
        tree = promql_parser.parse(said)
        chosen = list(selectors(tree))
        assert chosen, f"{where} asks for nothing"
        labels: set[str] = set(_OF_PROMETHEUS)
        for selector in chosen:
            has = {**known, **_ITS_OWN}.get(selector.name)
            if has is None:
                wrong.append(f"{where}: {selector.name}")
                continue
            labels |= has
            matched = {matcher.name for matcher in selector.matchers.matchers}
            wrong += [f"{where}: {selector.name}{{{label}}}" for label in matched - has - _OF_PROMETHEUS]
        wrong += [f"{where}: by {label}" for label in set(grouped_by(tree)) - labels]

    assert wrong == []


def test_an_expression_about_a_metric_that_is_not_there_would_be_found(known: dict[str, set[str]]) -> None:
    tree = promql_parser.parse('sum by (nobody) (rate(vaccine_requests_total{dor="api"}[5m])) / vaccine_request')

    assert [one.name for one in selectors(tree)] == ["vaccine_requests_total", "vaccine_request"]
    assert "vaccine_request" not in known
    assert known["vaccine_requests_total"] == {"door", "status"}
    assert list(grouped_by(tree)) == ["nobody"]


def test_every_metric_is_on_the_dashboard_or_in_an_alert(known: dict[str, set[str]]) -> None:
    asked = {selector.name for _where, said in expressions() for selector in selectors(promql_parser.parse(said))}
    families = {re.sub(r"_(?:bucket|sum|count)$", "", name) for name in asked}

    assert {name for name in known if re.sub(r"_(?:bucket|sum|count)$", "", name) not in families} == set()


def test_every_alert_says_how_bad_it_is_what_it_means_and_where_to_read_on() -> None:
    for rule in alerts():
        assert rule["labels"]["severity"] in ("page", "look"), rule["alert"]
        assert rule["annotations"]["summary"], rule["alert"]
        assert rule["annotations"]["runbook"] == f"deploy/RUNBOOK.md#{rule['alert'].lower()}"


def test_every_alert_has_its_section_in_the_runbook_and_every_section_its_alert() -> None:
    text = (HOUSE / "deploy" / "RUNBOOK.md").read_text().partition("# The usual acts")[0]
    sections = dict(re.findall(r"^## (\w+)\n\n(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL))

    assert list(sections) == [rule["alert"] for rule in alerts()]
    for name, section in sections.items():
        said = re.findall(r"^\*\*([A-Z][a-z ]+):\*\*", section, flags=re.MULTILINE)
        assert said == ["For citizens", "Look", "Do", "Do not", "Over when"], name


def test_the_example_of_prometheus_asks_by_the_name_that_alerts_know() -> None:
    example = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
    [asked] = example["scrape_configs"]

    assert example["rule_files"] == ["alerts.yml"]
    [gone] = [rule for rule in alerts() if rule["alert"] == "MachineGone"]
    assert f'job="{asked["job_name"]}"' in gone["expr"]


def test_every_link_inside_the_runbook_leads_somewhere() -> None:
    text = (HOUSE / "deploy" / "RUNBOOK.md").read_text()
    headings = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    anchors = [re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings]

    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(anchors)


def test_no_two_panels_lie_on_one_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _y in cells) < 24, panel["title"]
        taken |= cells
