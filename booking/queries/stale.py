"""Which reads may be a little old: those that inform everybody alike and decide nothing.

They go to the ledger's replica where there is one that keeps up. Everything else stays with the ledger: what decides
(a hold, a quota, whose turn it is), what is somebody's own, and what is kept under the number of the last change, such
as a site's slots, because old rows would be kept as new ones.

A replica keeps up when it has all that the ledger has written, or something that was committed there less than
REPLICA_LAG_SECONDS ago, by the ledger's clock. So one that nothing reaches any more is found out as surely as one that
is slow, and a quiet night does not look like either. While the ledger itself does not answer, the replica goes on
informing. What it cannot answer the ledger is asked, at once.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db import Error as LedgerError

log = logging.getLogger(__name__)
Found = TypeVar("Found")

REPLICA = "replica"
_OF_THE_LEDGER = "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn, clock_timestamp()"
# Nothing, if it is nobody's replica (any more): then it may be behind without end.
_OF_THE_REPLICA = """
SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn, pg_last_xact_replay_timestamp() WHERE pg_is_in_recovery()
"""
# How far a server has come, and a moment that belongs to it.
_Position = tuple[Decimal, datetime | None]


def may_be_old(read: Callable[[str], Found]) -> Found:
    """What `read` finds in the database whose alias it is given: the replica if it keeps up, else the ledger."""
    if _replica.keeps_up():
        try:
            return read(REPLICA)
        except LedgerError as error:
            _replica.failed(error)
    return read(DEFAULT_DB_ALIAS)


class _Replica:
    """What this process knows of the replica. One caller looks every few seconds, the others go by what it saw."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """As a process that has just begun."""
        self._keeps_up = False
        self._look_again = 0.0

    def keeps_up(self) -> bool:
        if REPLICA not in connections.settings:
            return False
        if time.monotonic() >= self._look_again and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._keeps_up

    def failed(self, error: LedgerError) -> None:
        """It did not answer: the ledger is asked until the next look."""
        connections[REPLICA].close()
        self._now(False, type(error).__name__)

    def _look(self) -> None:
        self._look_again = time.monotonic() + settings.REPLICA_CHECK_SECONDS
        try:
            there = _position(REPLICA, _OF_THE_REPLICA)
        except LedgerError as error:
            self.failed(error)
            return
        try:
            here = _position(DEFAULT_DB_ALIAS, _OF_THE_LEDGER)
        except LedgerError:
            here = None
        if there is None:
            self._now(False, "it is nobody's replica")
        elif here is not None:
            self._now(there[0] >= here[0] or _is_near(here[1], there[1]), "it is behind")

    def _now(self, keeps_up: bool, reason: str) -> None:
        if keeps_up and not self._keeps_up:
            log.warning("The replica serves what may be a little old.")
        if self._keeps_up and not keeps_up:
            log.warning("The ledger serves everything, without its replica: %s.", reason)
        self._keeps_up = keeps_up


_replica = _Replica()


def forget_replica() -> None:
    """The next read that may be old looks at the replica first."""
    _replica.forget()


def _is_near(here: datetime | None, there: datetime | None) -> bool:
    return bool(here and there and here - there <= timedelta(seconds=settings.REPLICA_LAG_SECONDS))


def _position(alias: str, statement: str) -> _Position | None:
    connection = connections[alias]
    if connection.in_atomic_block:
        # A statement that fails would take the caller's transaction with it.
        return None
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            found: _Position | None = cursor.fetchone()
    except LedgerError:
        connection.close()
        raise
    return found
