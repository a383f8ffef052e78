"""A step of the erasure: a name for operators, what is over at a time, and how a batch of it goes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Step:
    """`over` gives the rows whose time has come, `erase` takes primary keys of them in a transaction of its own."""

    name: str
    over: Callable[[datetime], QuerySet[Any]]
    erase: Callable[[Sequence[Any], datetime], object]


def before(now: datetime, setting: str) -> datetime:
    """The moment before which everything of this kind is over: so many days or years ago, as the setting says."""
    kept: int = settings.RETAIN[setting]
    if not setting.endswith("_YEARS"):
        return now - timedelta(days=kept)
    # By the calendar, and a day more: the ledger's clock and calendar must not find it too early.
    return now.replace(year=now.year - kept, day=min(now.day, 28)) - timedelta(days=1)
