"""The city cancels an appointment whose slot was closed and for which there is no other place."""

from django.db import transaction

from booking.models import Appointment, Message, MessageKind, RelocationState
from booking.operations.cancel import take_away
from booking.operations.refusals import NotFound
from booking.operations.relocations.answers import settle
from booking.operations.relocations.order import Order, still_there, write_down
from booking.operations.series import later_of, locked_series


def cancel_by_city(row: Appointment, order: Order) -> bool:
    """Cancel the appointment and the account's later doses of its series, and tell its people how to go on.

    There is nothing to undo, so the places go back at once. False if it does not stand there any more.
    """
    with transaction.atomic():
        try:
            current, series = locked_series(row.booked_by_id, row.reference)
        except NotFound:
            # It went to another account in this moment.
            return False
        if not still_there(current, row):
            return False
        ended = [current, *later_of(current, series)]
        settle([one.pk for one in ended], RelocationState.TAKEN_BACK, now=order.now)
        take_away(ended, by=order.by, now=order.now, along_with=current.reference, by_city=True, why=order.reason)
        for one in ended:
            write_down(one, order, old=one.slot, new=None, metres=None, state=RelocationState.NO_PLACE)
        Message.objects.bulk_create(
            Message(
                key=f"{MessageKind.CANCELLED_BY_SITE}:{one.reference}:{one.slot_id}",
                kind=MessageKind.CANCELLED_BY_SITE,
                appointment=one,
                created_at=order.now,
                due_at=order.now,
            )
            for one in ended
        )
    return True
