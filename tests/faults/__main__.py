"""Break things in the middle of a rush and check every promise: `make faults`, or `make faults ARGS=NAMEPART`.

Everything is real and private: servers and web processes of installations made for the run, on loopback and bounded in
time. After each fault the citizens' own journals are compared with the ledger, and audit_places with both.
"""

import argparse
import subprocess
import sys
import time
import traceback

from tests.bench.installation import Installation
from tests.faults.cases import GROUPS, Case, Group
from tests.faults.chance.runs import by_chance, run_random, without_the_guard


def main() -> int:
    """Run the faults whose names hold the given text; 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("only", nargs="?", default="", help="part of a fault's name")
    parser.add_argument("--random", type=int, metavar="N", help="no list: N small rushes with mishaps by chance")
    parser.add_argument("--seed", type=int, default=1, help="what chance they have")
    parser.add_argument("--first", type=int, default=1, metavar="RUN", help="the number of the first of them")
    parser.add_argument("--without-guard", action="store_true", help="let the ledger give a place twice: must be found")
    asked = parser.parse_args()
    if asked.random:
        guard = {"first": asked.first, "without_guard": asked.without_guard}
        return 0 if run_random(asked.random, asked.seed, _say, **guard) else 1
    only = asked.only
    passed = failed = 0
    for group in GROUPS:
        if chosen := [case for case in group.cases if only in case.__name__]:
            broken = _run(group, chosen)
            passed, failed = passed + len(chosen) - broken, failed + broken
    for case in (by_chance, without_the_guard):
        if only in case.__name__:
            _say(f"== {case.__name__}: {case.__doc__}")
            kept = case(_say)
            passed, failed = passed + kept, failed + (not kept)
    _say(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def _run(group: Group, chosen: list[Case]) -> int:
    broken = 0
    with group.opened() as city:
        filled = city.script("tests.bench.fill", str(group.citizens), "0", str(len(chosen)))
        # Two workers that share the gate, as an installation has them.
        city.start_web("gevent")
        for case, round_ in zip(chosen, filled["rounds"], strict=True):
            _say(f"== {case.__name__}: {case.__doc__}")
            started = time.monotonic()
            made = {"citizens": filled["citizens"], "slots": round_["many"]}
            try:
                case(city, made, lambda sentence: _say(f"   {sentence}"))
            except Exception:
                broken += 1
                traceback.print_exc(file=sys.stdout)
                _say(f"   the web server's last words:\n{city.web_log()[-4000:]}")
            _say(f"   ({time.monotonic() - started:.0f} s)")
        broken += _leaks(city)
    return broken


def _leaks(city: Installation) -> bool:
    try:
        told = city.script("tests.leaks", str(city.folder))
    except subprocess.CalledProcessError:
        _say("   the logs could not be searched: the ledger does not answer")
        return True
    if told:
        _say(f"   logs tell numbers or phones of the ledger: {told}")
    return bool(told)


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
