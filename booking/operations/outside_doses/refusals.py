"""Why a dose that was given elsewhere is not written down."""

from collections.abc import Sequence
from datetime import date

from booking.operations.refusals import Refusal


class DoseUnclear(Refusal):
    """What was entered cannot be right; `errors` are pairs of field and reason, as rules.outside_dose names them."""

    code = "dose_unclear"

    def __init__(self, *, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__(errors=errors)


class DoseKnown(Refusal):
    """This dose of the person stands in the ledger already, as given on that day."""

    code = "dose_known"

    def __init__(self, *, given_on: date) -> None:
        super().__init__(given_on=given_on)


class DoseBooked(Refusal):
    """The person has an appointment for this very dose on that day. It has to be cancelled first."""

    code = "dose_booked"

    def __init__(self, *, day: date) -> None:
        super().__init__(day=day)
