"""The city stops all booking at once, and lets it go on again."""

from datetime import datetime

from django.db import IntegrityError, transaction

from booking.models import BookingPause
from booking.operations.refusals import Paused
from booking.queries.pause import Pause, open_pause, pause_now, remember_pause


def begin_pause(*, text: str, text_en: str, by: int, now: datetime) -> BookingPause:
    """From now on nobody can book, hold or move; people are told the text. Cancelling and reading go on.

    Other processes know it a second later, and their ledger at once; what is being written at this very moment may
    still be. While a pause runs this changes nothing and returns that one.
    """
    try:
        with transaction.atomic():
            pause = BookingPause.objects.create(began_at=now, began_by_id=by, text=text, text_en=text_en)
            transaction.on_commit(lambda: remember_pause(Pause(now, text, text_en)))
    except IntegrityError:
        # one_pause_at_a_time: somebody else was quicker.
        return BookingPause.objects.get(ended_at=None)
    return pause


def end_pause(*, by: int, now: datetime) -> BookingPause | None:
    """Booking goes on. Returns the pause that ended; None if none was running."""
    with transaction.atomic():
        pause = BookingPause.objects.select_for_update(of=("self",)).filter(ended_at=None).first()
        if pause is None:
            return None
        pause.ended_at, pause.ended_by_id = now, by
        pause.save(update_fields=["ended_at", "ended_by"])
        transaction.on_commit(lambda: remember_pause(None))
    return pause


def refuse_if_paused() -> None:
    """Raise Paused as far as this process knows; it costs nothing, so it comes before everything else."""
    pause = pause_now()
    if pause is not None:
        raise paused(pause)


def refuse_if_paused_in_the_ledger() -> None:
    """Raise Paused if a pause runs by the ledger: for transactions that write places without the booking statement."""
    pause = open_pause()
    if pause is not None:
        raise paused(pause)


def paused(pause: Pause) -> Paused:
    """The refusal with the city's words."""
    return Paused(text=pause.text, text_en=pause.text_en)
