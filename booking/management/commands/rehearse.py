import argparse
import json
import resource
import signal
import sys
from datetime import datetime
from pathlib import Path
from random import SystemRandom
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from booking.demo.citizens import MOST_CITIZENS
from booking.management.arguments import whole_number
from booking.management.permission import only_for_trying_out
from booking.rehearsal.clean import clean
from booking.rehearsal.conduct import Plan, Progress, conduct
from booking.rehearsal.curves import CURVES, OUTBREAK
from booking.rehearsal.figures import figures_of
from booking.rehearsal.ground import GroundTaken
from booking.rehearsal.marked import holds_real_citizens
from booking.rehearsal.report import report
from booking.rehearsal.targets import NotATarget, prove, target_of
from booking.rehearsal.told import lines
from booking.rehearsal.verdict import judge

# Where no terminal shows it, the progress is a line each so many seconds.
_IN_A_FILE = 10
_MOST_MINUTES = 24 * 60
_SOAK_RATE, _SOAK_PEOPLE, _SOAK_MINUTES = 20, 5000, 60
# A place that was given up comes back after its undo window and a while more; so many seconds it is nobody's.
_SOAK_PLACES_A_SECOND = 1500


class Command(BaseCommand):
    help = (
        "A city's dress rehearsal: made-up citizens come to a release of places, over real HTTP, as in a surge that "
        "was published, or evenly for a long time (--soak). Afterwards a verdict and a report, and everything that it "
        "made is removed. Only in a demonstration or a rehearsal. People have ready tokens: no code is sent."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--city", choices=["demo"], default="demo", help="whose sites, if there are none")
        parser.add_argument("--people", type=whole_number(1, MOST_CITIZENS), metavar="N")
        parser.add_argument("--curve", choices=sorted(CURVES), default=OUTBREAK.name)
        parser.add_argument("--minutes", type=_minutes, metavar="N", help="how long people come")
        parser.add_argument(
            "--places", type=whole_number(1, 10_000_000), metavar="N", help="default: as the curve says"
        )
        parser.add_argument(
            "--address", nargs="+", default=["http://127.0.0.1:8000"], metavar="URL", help="the web machines"
        )
        parser.add_argument(
            "--connections", type=whole_number(1, 50_000), default=1500, help="at most, to each machine (default: 1500)"
        )
        parser.add_argument("--seed", type=whole_number(0, 2**31), metavar="N", help="to have the same people again")
        parser.add_argument("--report", type=Path, default=Path("rehearsals"), metavar="FOLDER")
        parser.add_argument("--watch", type=int, nargs="*", default=[], metavar="PID", help="processes on this machine")
        parser.add_argument("--language", choices=["zh-hans", "en"], default="zh-hans", help="of the report")
        parser.add_argument("--soak", action="store_true", help="evenly, for a long time")
        parser.add_argument("--rate", type=whole_number(1, 5000), default=_SOAK_RATE, help="of a soak: people a second")
        parser.add_argument("--clean", action="store_true", help="remove what an interrupted rehearsal left; no more")

    def handle(self, *args: Any, **options: Any) -> None:
        only_for_trying_out()
        if options["clean"]:
            self._clean()
            return
        if holds_real_citizens():
            raise CommandError("There are citizens here whom no rehearsal has made up: nobody rehearses on them.")
        plan = _plan(options)
        _allow_files(plan.connections * len(plan.targets) + 100)
        # Told to stop, it ends as after Ctrl-C: with a report, and with everything removed.
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            kept = self._rehearse(plan, options["language"])
        except GroundTaken:
            raise CommandError(
                "Another rehearsal is going on here, or one was interrupted: rehearse --clean removes what it left."
            ) from None
        except NotATarget as reason:
            self._clean()
            raise CommandError(str(reason)) from None
        except BaseException:
            self._clean()
            raise
        finally:
            signal.signal(signal.SIGTERM, before)
        self._clean()
        if not kept:
            sys.exit(1)

    def _rehearse(self, plan: Plan, language: str) -> bool:
        """Whether every promise was kept."""
        course = conduct(plan, say=self._say, progress=self._progress)
        self._say("\nComparing what people were told with the ledger, and the ledger with the gate")
        verdict = judge(course.journal, course.ground.programme)
        for line in lines(course, verdict):
            self._say(line)
        figures = figures_of(course, verdict)
        (plan.folder / "rehearsal.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1))
        page = plan.folder / "report.html"
        page.write_text(report(figures, language))
        self._say(f"The report: {page}")
        return verdict.holds

    def _clean(self) -> None:
        done = clean()
        self._say(f"Removed {sum(done.rows.values()):,} rows and {done.slots_at_gate:,} slots at the gate.")

    def _progress(self, at: Progress) -> None:
        measures = at.course.measures
        slow = measures.recent().at(0.99) * 1000
        answers, total = measures.total, at.seconds + at.seconds_left
        line = (
            f"{at.seconds / total if total else 1:4.0%}  {at.seconds_left / 60:.1f} min left  "
            f"people {measures.people:,} (here {at.present:,})  booked {measures.booked:,}  "
            f"refused {answers['refused']:,}  busy {answers['busy']:,}  errors {answers['error']:,}  "
            f"p99 {slow:,.0f} ms  places left {at.places_left:,}"
        )
        if sys.stdout.isatty():
            sys.stdout.write(f"\r{line:<150}")
        elif int(at.seconds) % _IN_A_FILE == 0:
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def _say(self, sentence: str) -> None:
        print(sentence, flush=True)


def _plan(options: dict[str, Any]) -> Plan:
    try:
        targets = [target_of(text) for text in options["address"]]
        for target in targets:
            prove(target)
    except NotATarget as reason:
        raise CommandError(str(reason)) from None
    curve, soaks = CURVES[options["curve"]], options["soak"]
    people = options["people"] or (_SOAK_PEOPLE if soaks else 1000)
    usual = options["rate"] * _SOAK_PLACES_A_SECOND if soaks else round(people * curve.places_a_person)
    return Plan(
        people=people,
        curve=curve,
        minutes=options["minutes"] or (_SOAK_MINUTES if soaks else curve.minutes),
        seed=SystemRandom().randrange(2**31) if options["seed"] is None else options["seed"],
        places=options["places"] or max(usual, 1),
        targets=targets,
        folder=_folder(options["report"], timezone.localtime()),
        watched=options["watch"],
        connections=options["connections"],
        rate=options["rate"] if soaks else None,
    )


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0
    if not 0.05 <= minutes <= _MOST_MINUTES:
        raise argparse.ArgumentTypeError(f"must be from 0.05 to {_MOST_MINUTES}, not {text!r}")
    return minutes


def _allow_files(wanted: int) -> None:
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < wanted:
        raise CommandError(f"This account may open {most:,} files and {wanted:,} are needed: see ulimit -n.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, now), most))


def _folder(reports: Path, now: datetime) -> Path:
    return reports / f"{now:%Y%m%d-%H%M%S}"
