"""One run: forty citizens on three slots, and one to four mishaps in their midst."""

import contextlib
import random
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.faults.chance.checks import OVERSOLD, all_promises, expect
from tests.faults.chance.citizens import Citizen, Journal
from tests.faults.chance.city import ChanceCity, begin
from tests.faults.chance.mishaps import Mishap
from tests.faults.dying import POINTS

_SECONDS = 0.4


@dataclass
class Report:
    """What happened in a run; `broken` says which promise was."""

    run: int
    mishaps: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    broken: str = ""
    journal: str = ""


class Rusher:
    """Makes runs in a city, with the same people each time."""

    def __init__(self, city: ChanceCity, people: Sequence[tuple[str, str, int]], seed: int) -> None:
        from tests.factories import make_programme, make_site

        self.city, self.people, self.seed = city, people, seed
        self.programme, self.sites = make_programme(), [make_site() for _ in range(3)]

    def run(self, number: int) -> Report:
        """The run of this number, by the seed."""
        report, began = Report(number), time.monotonic()
        file = self.city.folder / f"journal-{number}.txt"
        try:
            with file.open("w") as opened:
                journal = Journal(opened)
                try:
                    self._run(report, journal)
                finally:
                    report.answers = journal.answers
        except Exception:
            report.broken, report.journal = traceback.format_exc(), file.read_text()
        report.seconds = time.monotonic() - began
        file.unlink()
        return report

    def _run(self, report: Report, journal: Journal) -> None:
        name = f"{self.seed}-{report.run}"
        chance = random.Random(name)
        slots = begin([chance.randint(4, 12) for _ in self.sites], self.programme, self.sites)
        mishap = Mishap(self.city, slots, random.Random(f"{name}/mishaps"))
        planned = [(chance.uniform(0, _SECONDS * 1.5), mishap.any_of_them()) for _ in range(chance.randint(1, 4))]
        report.mishaps = [act.__name__ for _, act in sorted(planned, key=lambda one: one[0])]
        citizens = [
            Citizen(number, *person, slots=slots, port=self.city.port, journal=journal, run=name)
            for number, person in enumerate(self.people)
        ]
        over = threading.Event()
        watched: list[Any] = []
        watcher = threading.Thread(target=self._watch, args=[over, watched])
        watcher.start()
        try:
            _all([
                *(lambda one=one: one.live(_SECONDS) for one in citizens),
                lambda: self._go_wrong(planned, journal),
            ])  # fmt: skip
        finally:
            over.set()
            watcher.join()
            self._mend()
        expect(not watched, f"oversold in the middle: {watched[:1]}")
        all_promises(self.city, slots, citizens)

    def _go_wrong(self, planned: list[tuple[float, Callable[[], None]]], journal: Journal) -> None:
        from django.db import connection

        began = time.monotonic()
        for moment, act in sorted(planned, key=lambda one: one[0]):
            time.sleep(max(began + moment - time.monotonic(), 0))
            journal.write("MISHAP", act.__name__, "begins")
            act()
            journal.write("MISHAP", act.__name__, "is over")
        connection.close()

    def _watch(self, over: threading.Event, found: list[Any]) -> None:
        with psycopg.connect(self.city.ledger.url(), autocommit=True) as connection:
            while not over.wait(0.05):
                found += connection.execute(OVERSOLD).fetchall()

    def _mend(self) -> None:
        for proxy in (self.city.to_gate, self.city.to_ledger):
            proxy.pass_on()
            proxy.cut_after()
        for point in POINTS:
            with contextlib.suppress(FileNotFoundError):
                (self.city.folder / "dying" / point).unlink()


def _all(acts: Sequence[Callable[[], None]]) -> None:
    """Do all of them at once; raises what the first of them raised."""
    errors: list[BaseException] = []

    def safely(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=safely, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
