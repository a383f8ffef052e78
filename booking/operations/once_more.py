"""What the ledger could not do for the moment is tried once more, where that is safe."""

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import Error as LedgerError
from django.db import connection

from booking.models.passing import is_lost, was_undone
from booking.models.sessions import renew

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")
# Seconds. Whoever has waited longer is told to come back: a second wait like that would be too long for an answer. A
# deadlock is found out after one.
_MOST = 2.0
_JITTER = 0.01, 0.1


def once_more(work: Callable[[], Result], *, repeatable: bool = False) -> Result:
    """Do the work; once more if the ledger undid it because of others.

    `repeatable` work finds what an earlier try has written: it is also done once more if the session was lost, after
    which nobody knows. Nothing is done twice inside somebody else's transaction.
    """
    began, inside = time.monotonic(), connection.in_atomic_block
    try:
        return work()
    except LedgerError as error:
        lost = is_lost(error)
        safe = was_undone(error) or (repeatable and lost)
        if inside or not safe or time.monotonic() - began > _MOST:
            raise
        if lost:
            renew()
    time.sleep(random.uniform(*_JITTER))
    return work()


def again_if_undone(operation: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """For an operation that does nothing outside its transaction before that ends: see `once_more`."""

    @functools.wraps(operation)
    def tried(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        return once_more(lambda: operation(*args, **kwargs))

    return tried
