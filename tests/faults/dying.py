"""Kills its own process, with -9, at an exact point of a booking: once for each time that it is told to.

A process of an installation with `tests.faults.dying_settings` looks in the folder $DYING_AT before it passes a point:
where it finds a file with the point's name it takes it away, so that nobody else dies of it, and kills itself.

    with dying_installation() as city:
        city.start_web("gevent")
        die_at(city, "before_ledger")
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import AppConfig

from tests.bench.installation import Installation

# After the gate and before the ledger; after the commit and before the gate hears of it; after that, before the answer.
POINTS = ("before_ledger", "before_settle", "before_answer")


class Dying(AppConfig):
    """Wraps what a booking passes on its way."""

    name = "tests.faults.dying"

    def ready(self) -> None:
        from booking import admission
        from booking.operations import write_bookings

        write_rows, settle_many = write_bookings.write_rows, admission.settle_many

        def dying_write_rows(*arguments: Any) -> Any:
            _die("before_ledger")
            written = write_rows(*arguments)
            _die("before_settle")
            return written

        def dying_settle_many(*arguments: Any) -> None:
            settle_many(*arguments)
            _die("before_answer")

        write_bookings.write_rows = dying_write_rows
        admission.settle_many = dying_settle_many


def _die(point: str) -> None:
    try:
        os.unlink(Path(os.environ["DYING_AT"]) / point)
    except (FileNotFoundError, KeyError):
        return
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def dying_installation(make: Callable[[str], Installation] = Installation) -> Iterator[Installation]:
    """An installation whose processes die where `die_at` says."""
    with make("tests.faults.dying_settings") as city:
        folder = city.folder / "dying"
        folder.mkdir()
        city.environment["DYING_AT"] = str(folder)
        yield city


def die_at(city: Installation, point: str) -> None:
    """The next process of the city that comes to the point dies there."""
    assert point in POINTS, point
    (Path(city.environment["DYING_AT"]) / point).touch()


def has_died(city: Installation, point: str) -> bool:
    """Whether a process has come to the point since."""
    return not (Path(city.environment["DYING_AT"]) / point).exists()
