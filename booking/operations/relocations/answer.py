"""The citizen says whether the place that the city chose suits. Saying nothing keeps it."""

from datetime import datetime

from django.db import transaction

from booking.models import Relocation, RelocationState, Status
from booking.operations.cancel import cancel
from booking.operations.counted import counted
from booking.operations.refusals import NotFound, WrongStatus
from booking.operations.relocations.answers import settle
from booking.operations.series import locked_series
from booking.queries.appointments import AppointmentFacts, facts_after


@counted("accept_relocation")
def accept_relocation(*, account_id: int, reference: str, now: datetime) -> AppointmentFacts:
    """Say that the new place suits; a second time changes nothing.

    Raises NotFound, also where the city never moved it; WrongStatus if it was answered otherwise or has come to its
    end.
    """
    with transaction.atomic():
        row, _ = locked_series(account_id, reference)
        state = _state_of(row.pk)
        if row.status != Status.BOOKED:
            raise WrongStatus(status=row.status)
        if state == RelocationState.PENDING:
            settle([row.pk], RelocationState.ACCEPTED, now=now)
        elif state != RelocationState.ACCEPTED:
            raise WrongStatus(status=state)
        return facts_after(row)


@counted("decline_relocation")
def decline_relocation(*, account_id: int, reference: str, now: datetime) -> AppointmentFacts:
    """Give the new place up, with the undo of any cancellation; a second time changes nothing.

    Raises NotFound and WrongStatus as `accept_relocation`, and what cancelling raises.
    """
    with transaction.atomic():
        row, _ = locked_series(account_id, reference)
        state = _state_of(row.pk)
        is_repeat = state == RelocationState.DECLINED and row.status == Status.CANCELLED
        if state != RelocationState.PENDING and not is_repeat:
            raise WrongStatus(status=state)
        # Cancelling says no to the place as well; of what is cancelled already it changes nothing.
        return cancel(account_id=account_id, reference=reference, now=now)


def _state_of(appointment_id: int) -> str:
    states = Relocation.objects.filter(appointment_id=appointment_id).order_by("-pk").values_list("state", flat=True)
    state = states.first()
    if state is None:
        raise NotFound(what="relocation")
    return state
