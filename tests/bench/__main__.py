"""The booking rush, measured: `make bench`, or `make bench ARGS="--help"`.

How to read it: every figure is a median of runs that alternate (each scenario once, then each again), and what counts
are the ratios, because they are taken between runs that lie seconds apart on the same machine. *trivial* is a view that
does nothing, behind the same short way as the booking call; *baseline* is a Django view that locks the slot's row,
counts and inserts with the ORM. The load generator shares the cores with everything it measures. The job worker does
not run during the measurements; what it would do is deferred work.
"""

import argparse
import itertools
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import desk, draw, load, messages, pages, plan, proxy, queue, rehearsal, report, waitlist
from tests.bench.installation import Installation
from tests.bench.scenarios import Scenario, Scenarios


def main() -> int:
    options = _options()
    if options.rehearsal:
        lines, met = rehearsal.measure()
        _say("\n".join(lines))
        return int(not met)
    for name in _ALONE:
        if getattr(options, name):
            return _alone(name, options)
    classes = ["gthread", "gevent"] if options.compare_workers else [options.worker_class]
    exit_code = 0
    for worker_class in classes:
        with Installation() as city:
            exit_code |= (_plan if options.plan else _measure)(city, worker_class, options)
    return exit_code


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--worker-class", choices=["gthread", "gevent"], default="gevent")
    parser.add_argument("--compare-workers", action="store_true", help="measure with both worker classes")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--connections", type=int, nargs="+", default=[64, 256])
    parser.add_argument("--only", help="only scenarios whose name holds this text (and the trivial ones)")
    parser.add_argument(
        "--plan", action="store_true", help="a city-wide quota plan, and booking meanwhile; nothing else"
    )
    parser.add_argument("--pages", action="store_true", help="the administrators' pages; nothing else")
    parser.add_argument("--desk", action="store_true", help="the sites' desks, all at once; nothing else")
    parser.add_argument("--draw", action="store_true", help="a draw of 100,000 entries; nothing else")
    parser.add_argument("--waitlist", action="store_true", help="freed places and the waitlist; nothing else")
    parser.add_argument("--queue", action="store_true", help="a whole city in the queue of a release; nothing else")
    parser.add_argument("--proxy", action="store_true", help="public reads through nginx; nothing else")
    parser.add_argument("--messages", action="store_true", help="a million reminders; nothing else")
    parser.add_argument("--rehearsal", action="store_true", help="what a rehearsal's engine drives; nothing else")
    parser.add_argument("--reminders", type=int, default=1_000_000, help="with --messages: how many are due")
    parser.add_argument("--large", action="store_true", help="a million appointments in 100,000 slots beforehand")
    parser.add_argument("--citizens", type=int, default=14_000)
    return parser.parse_args()


def _plan(city: Installation, worker_class: str, options: argparse.Namespace) -> int:
    _say("A plan for the whole city")
    lines, met = plan.measure(city, worker_class, options.citizens, options.connections[0])
    _say("\n".join(lines))
    return int(not met)


# What is measured by itself, by the name of its option: what is said first, and the call.
_Alone = tuple[str, Callable[[Installation, argparse.Namespace], tuple[list[str], bool]]]
_ALONE: dict[str, _Alone] = {
    "pages": ("The administrators' pages, with a million appointments", lambda city, o: pages.measure(city, o.runs)),
    "desk": ("The sites' desks, all at once", lambda city, o: desk.measure(city, o.worker_class)),
    "draw": ("A draw of the whole city", lambda city, o: draw.measure(city)),
    "waitlist": (
        "Ten thousand places are given up, fifty thousand people wait",
        lambda city, o: waitlist.measure(city),
    ),
    "queue": ("A whole city in the queue of a release", lambda city, o: queue.measure(city, o.worker_class)),
    "proxy": ("Public reads through nginx", lambda city, o: proxy.measure(city, o.worker_class)),
    "messages": ("So many reminders are due", lambda city, o: messages.measure(city, o.reminders)),
}


def _alone(name: str, options: argparse.Namespace) -> int:
    words, measure = _ALONE[name]
    _say(words)
    with Installation() as city:
        lines, met = measure(city, options)
    _say("\n".join(lines))
    return int(not met)


def _measure(city: Installation, worker_class: str, options: argparse.Namespace) -> int:
    _say("Filling the tables")
    rounds = options.runs * len(options.connections) + 1
    filled = city.script("tests.bench.fill", str(options.citizens), str(1_000_000 if options.large else 0), str(rounds))
    scenarios = Scenarios(filled)
    chosen = [s for s in scenarios.all() if not options.only or options.only in s.name or "trivial" in s.name]
    table = report.Table()
    gate_before = _gate_bytes(city)
    city.start_web(worker_class)
    try:
        _warm_up(city, scenarios, filled["rounds"][-1])
        rounds = iter(filled["rounds"])
        for connections, run in itertools.product(options.connections, range(options.runs)):
            _say(f"{worker_class}, {connections} connections, run {run + 1} of {options.runs}")
            _one_run(city, chosen, scenarios, next(rounds), connections, options.seconds, table)
        memory = city.worker_memory_mb()
    finally:
        city.stop_web()
    made = _finish(city, worker_class, options, table, memory, gate_before)
    sys.stdout.write("\n" + report.text(made) + "\n")
    _say(f"Written to {report.write(made, Path('bench-results'))}")
    return int(made["audit_exit_code"])


def _one_run(
    city: Installation, chosen: list[Scenario], scenarios: Scenarios, round_: dict[str, Any], connections: int,
    seconds: float, table: report.Table,
) -> None:  # fmt: skip
    address = ("127.0.0.1", city.port)
    _load_slots(city, round_)
    for scenario in chosen:
        if scenario.name == "availability, 304":
            scenarios.etag = _etag(city, Scenarios.day_path(round_))
        result = load.run(
            address,
            scenario.requests(_slots_for(scenario, round_)),
            connections=connections,
            seconds=seconds,
            most=scenario.most,
        )
        table.add(scenario.name, connections, scenario.expected, result)


def _slots_for(scenario: Scenario, round_: dict[str, Any]) -> dict[str, Any]:
    """The baseline books slots of its own: it knows nothing of the gate."""
    if not scenario.name.startswith("baseline"):
        return round_
    return {**round_, "many": round_["many_baseline"], "hot": round_["hot_baseline"]}


def _warm_up(city: Installation, scenarios: Scenarios, round_: dict[str, Any]) -> None:
    for scenario in scenarios.all():
        requests = scenario.requests(_slots_for(scenario, round_))
        load.run(("127.0.0.1", city.port), requests, connections=32, seconds=1, most=1000)


def _load_slots(city: Installation, round_: dict[str, Any]) -> None:
    """Bring the round's slots to the gate, as an ordinary morning's readers would have."""
    day = Scenarios.day_path(round_).split("from=")[1].split("&")[0]
    paths = [
        load.get(f"/api/v1/sites/B{n:04}/slots?programme={round_[kind]}&from={day}")
        for n in range(50)
        for kind in ("many_programme", "hot_programme", "full_programme")
    ]
    load.run(("127.0.0.1", city.port), iter(paths), connections=4, seconds=30)


def _etag(city: Installation, path: str) -> str:
    with socket.create_connection(("127.0.0.1", city.port), timeout=10) as connection:
        connection.sendall(load.get(path, Connection="close"))
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(65536)
    for line in head.decode("latin-1").split("\r\n"):
        if line.lower().startswith("etag:"):
            return line.split(":", 1)[1].strip()
    return ""


def _gate_bytes(city: Installation) -> int:
    import redis

    return int(redis.Redis.from_url(city.gate.url()).info("memory")["used_memory"])


def _finish(
    city: Installation, worker_class: str, options: argparse.Namespace, table: report.Table, memory: list[float],
    gate_before: int,
) -> dict[str, Any]:  # fmt: skip
    # One lease, then a reconcile: what a killed or late request held has come back by then.
    time.sleep(1)
    gate_bytes = _gate_bytes(city) - gate_before
    city.manage("reconcile")
    audit = city.manage("audit_places", check=False)
    taken = int(audit.stdout.split(" places taken")[0].rsplit(" ", 1)[-1])
    trivial = table.median("trivial POST", options.connections[0])
    notes = [
        f"Worker class {worker_class}, {len(memory)} workers; resident {', '.join(f'{m:.0f} MB' for m in memory)}"
        f" (target under 150): {'met' if max(memory) < 150 else 'NOT MET'}.",
        f"The gate grew by {gate_bytes / 1e6:.1f} MB for {taken:,} places taken and what is free beside them:"
        f" {gate_bytes / max(taken, 1):.0f} bytes a place (target under 1,024)"
        f": {'met' if gate_bytes / max(taken, 1) < 1024 else 'NOT MET'}.",
        f"The trivial view answered {trivial:,.0f} requests a second; the load generator shared the cores.",
        "Beforehand: a million appointments in 100,000 slots." if options.large else "Beforehand: empty tables.",
        "Answers other than the expected one: "
        + (", ".join(f"{name} × {count}" for name, count in sorted(table.unexpected.items())) or "none")
        + ".",
        f"audit_places: {audit.stdout.strip()} (exit code {audit.returncode})",
    ]
    return {
        "machine": {**report.machine(), "worker_class": worker_class, "large": options.large},
        "rows": table.rows(),
        "ratios": {str(c): table.ratios(c) for c in options.connections},
        "notes": notes,
        "audit_exit_code": audit.returncode,
    }


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
