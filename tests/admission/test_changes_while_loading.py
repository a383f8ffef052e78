"""Somebody loads a slot that they read from the ledger before an administrator changed it."""

import pytest

from booking import admission
from booking.admission import SlotState


@pytest.mark.parametrize(
    "change",
    [
        lambda: admission.set_quota(7, 5),
        lambda: admission.set_closed(7, True),
        lambda: admission.set_releases([(7, 5, 0)]),
        lambda: admission.set_many([(7, 5)], [(7, True)]),
        lambda: admission.forget(7),
    ],
    ids=["quota", "closed", "release", "many", "forgotten"],
)
def test_what_was_read_before_the_change_is_not_believed(change):
    ticket = admission.begin_load_many([7])[7]

    change()

    assert admission.finish_load_many([(SlotState(7, 3, 0, False, 3600, []), ticket)]) == [False]
    assert admission.places_left([7]) == {}


def test_what_was_read_without_a_change_is():
    ticket = admission.begin_load_many([7])[7]

    assert admission.finish_load_many([(SlotState(7, 3, 0, False, 3600, []), ticket)]) == [True]
    assert admission.places_left([7]) == {7: 3}
