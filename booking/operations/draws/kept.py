"""Places that are about to be drawn go to nobody else."""

from booking.models import Draw, DrawState, ReleaseMode
from booking.operations.refusals import NotYourTurn
from booking.queries.release_modes import how_released
from booking.queries.slot_facts import SlotFacts
from booking.rules.release_modes import BY_DRAW


def refuse_if_being_drawn(slot: SlotFacts) -> None:
    """Raise NotYourTurn for a slot of a draw that is not over; no statement for what is not released by draw."""
    if how_released(slot.programme_id).mode != ReleaseMode.DRAW:
        return
    going_on = [DrawState.ANNOUNCED, DrawState.CLOSED, DrawState.DRAWING]
    if Draw.objects.filter(
        programme_id=slot.programme_id, state__in=going_on, first_day__lte=slot.day, last_day__gte=slot.day
    ).exists():
        raise NotYourTurn(reason=BY_DRAW)
