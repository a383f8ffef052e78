"""When nobody is waited for any more. Plain Python."""

from datetime import datetime, timedelta

# Whoever did not come in these days and was not marked then stays as they are: nobody asks about them any more.
LOOK_BACK = timedelta(days=2)


def over_since(now: datetime, *, minutes: int) -> datetime:
    """Appointments whose slot ended then or earlier, and whose people were not there, are no-shows now."""
    return now - timedelta(minutes=minutes)
