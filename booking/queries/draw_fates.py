"""What came of an entry, in one word, for every door that shows it."""

from booking.queries.draw_entries import MyEntry
from booking.queries.draws import CALLED_OFF

ENTERED, GIVING, WON, LOST, WITHDRAWN, OVER = "entered", "giving", "won", "lost", "withdrawn", "called_off"
FATES = (ENTERED, GIVING, WON, LOST, WITHDRAWN, OVER)


def fate(entry: MyEntry) -> str:
    """Entered as long as nothing came of it; giving: a place was drawn, and the appointment is being made."""
    if entry.withdrawn_at is not None:
        return WITHDRAWN
    if entry.draw.state == CALLED_OFF:
        return OVER
    if entry.reference is not None:
        return WON
    if entry.rank is None:
        return ENTERED
    return GIVING if entry.place is not None and not entry.outcome else LOST
