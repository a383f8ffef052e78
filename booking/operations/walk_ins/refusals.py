"""What people without an appointment are refused by."""

from collections.abc import Sequence
from datetime import date, datetime

from booking.operations.refusals import Refusal


class NoPlaceToday(Refusal):
    """The site has no place left today for somebody without an appointment. The door may add where there are some."""

    code = "no_place_today"


class HasAppointment(Refusal):
    """The person at the desk has a live appointment for this dose, on `day`.

    At this site also `starts_at` and `reference`; of another site the desk need not know more than the day.
    """

    code = "has_appointment"

    def __init__(self, *, day: date, starts_at: datetime | None = None, reference: str | None = None) -> None:
        super().__init__(day=day, starts_at=starts_at, reference=reference)


class PersonUnclear(Refusal):
    """What the desk typed about a person cannot be right; `errors` name each field and what to do."""

    code = "person_unclear"

    def __init__(self, *, errors: Sequence[dict[str, str]]) -> None:
        super().__init__(errors=errors)
