"""Which of the ledger's errors pass by themselves, and what is known after them."""

from django.db import Error as LedgerError
from django.db import InterfaceError, InternalError, OperationalError
from psycopg_pool import PoolTimeout, TooManyRequests

# A deadlock, and what could not be put in order with others: nothing of it was done, and others are through by now.
_UNDONE = {"40001", "40P01"}
# The server is ending, or was not the ledger (any more) but a replica.
_ENDING = {"57P01", "57P02", "57P03", "25006"}


def passes(error: BaseException | None) -> bool:
    """Whether waiting helps: the ledger is away, full, busy, or somebody else was in the way."""
    if isinstance(error, InternalError):
        return _state(error) in _ENDING
    return isinstance(error, OperationalError | InterfaceError)


def was_undone(error: LedgerError) -> bool:
    """Whether the ledger itself took everything back, for the sake of others who are done in a moment."""
    return _state(error) in _UNDONE


def is_lost(error: BaseException | None) -> bool:
    """Whether the session is gone, and with it the knowledge of what became of its last statement."""
    if not passes(error) or isinstance(error.__cause__, PoolTimeout | TooManyRequests):  # type: ignore[union-attr]
        return False
    state = _state(error)
    return state is None or state in _ENDING or state.startswith("08")


def _state(error: BaseException | None) -> str | None:
    return getattr(error.__cause__, "sqlstate", None) if error else None
