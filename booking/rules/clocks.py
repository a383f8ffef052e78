"""By which clock a release is decided: all web machines share the ledger's."""

from datetime import datetime, timedelta

# A machine whose clock is further off than this is not merely askew: then the earlier clock counts, and nothing opens
# before its time by either of them.
MOST_ASKEW = timedelta(minutes=15)


def moment(*, now: datetime, ledger: datetime) -> datetime:
    """The moment that counts, by the caller's clock and the ledger's."""
    return ledger if abs(ledger - now) < MOST_ASKEW else min(now, ledger)
