"""What is refused at the desks where people are asked, vaccinated and observed."""

from collections.abc import Sequence

from booking.operations.refusals import Refusal


class DoseBarred(Refusal):
    """Something stands in the way of the dose. `bars` are codes of rules.dose, worst first."""

    code = "dose_barred"

    def __init__(self, *, bars: Sequence[str]) -> None:
        super().__init__(bars=list(bars))


class ReasonMissing(Refusal):
    """This is only done with a reason, of at least four characters."""

    code = "reason_missing"


class Incomplete(Refusal):
    """Something that has to be said was left out or is none of the choices. `field` names it."""

    code = "incomplete"

    def __init__(self, *, field: str) -> None:
        super().__init__(field=field)
