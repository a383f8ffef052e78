"""What is refused where doses are counted and a day is closed."""

from typing import Any

from booking.operations.refusals import Refusal


class StockRefused(Refusal):
    """Something about doses does not come out. `reason` is a code, the other facts go with it."""

    code = "stock_refused"

    def __init__(self, *, reason: str, **facts: Any) -> None:
        super().__init__(reason=reason, **facts)


class DayNotOver(Refusal):
    """The site's day cannot be closed: so many people are still there, so many conflicts were not looked at."""

    code = "day_not_over"

    def __init__(self, *, present: int, conflicts: int) -> None:
        super().__init__(present=present, conflicts=conflicts)
