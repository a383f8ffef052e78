"""The one word that a cell of the calendar says."""

from datetime import datetime, timedelta

import pytest

from booking.rules.cell_states import BOOKABLE, CLOSED, FULL, NONE, NOT_OPEN, OVER, cell_state, day_state


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({}, BOOKABLE),
        ({"taken": 5}, FULL),
        ({"quota": 0}, FULL),
        ({"opens": 1}, NOT_OPEN),
        ({"starts": 0}, OVER),
        ({"is_closed": True}, CLOSED),
        ({"is_closed": True, "starts": -1}, CLOSED),
    ],
)
def test_a_slot_in_one_word(now: datetime, facts: dict, word: str) -> None:
    known = {"taken": 0, "quota": 5, "is_closed": False, **facts}
    opens, starts = known.pop("opens", -1), known.pop("starts", 2)

    found = cell_state(**known, opens_at=now + timedelta(hours=opens), starts_at=now + timedelta(hours=starts), now=now)

    assert found == word


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        ({"slots": 0, "quota": 0}, NONE),
        ({}, BOOKABLE),
        ({"taken": 20}, FULL),
        ({"closed": 4, "quota": 0}, CLOSED),
        ({"closed": 1, "over": 3}, OVER),
        ({"over": 1, "not_open": 3}, NOT_OPEN),
        ({"not_open": 3}, BOOKABLE),
    ],
)
def test_a_day_in_one_word(counts: dict, word: str) -> None:
    assert day_state(**{"slots": 4, "closed": 0, "over": 0, "not_open": 0, "taken": 0, "quota": 20, **counts}) == word
