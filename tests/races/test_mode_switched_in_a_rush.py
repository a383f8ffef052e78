"""A mode is switched while a crowd books: two seconds later nobody out of turn gets a place, in any process."""

import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from booking.operations import write_bookings
from booking.operations.book import book
from booking.operations.refusals import NotYourTurn
from booking.operations.releases import set_release_mode as setting_module
from booking.operations.releases.set_release_mode import set_release_mode
from booking.rules.release_modes import CohortRule, last_digit
from booking.rules.release_setting import NamedCohort
from tests.factories import make_administrator, make_patients, make_programme, make_slot
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, SECONDS, SWITCHED_AT, KEPT = 300, 5.0, 1.0, 2.0
FIRST = frozenset("01234")


@dataclass
class Try:
    """One person's try: when it began, whose digit, and what came of it."""

    began: float
    in_turn: bool
    outcome: object

    @property
    def got_a_place(self) -> bool:
        return not isinstance(self.outcome, Exception)


@pytest.fixture(autouse=True)
def another_process(monkeypatch):
    """The crowd is in a process that nobody tells of the switch."""
    monkeypatch.setattr(setting_module, "forget_release_modes", lambda: None)


def rush() -> tuple[float, list[Try]]:
    """A crowd that books for some seconds, and the switch in its midst; when that was committed, and every try."""
    now = timezone.now()
    slot = make_slot(programme=make_programme(), quota=PEOPLE, starts_at=now + timedelta(days=3))
    by, start, committed = make_administrator(), time.monotonic(), []

    def switch():
        time.sleep(max(start + SWITCHED_AT - time.monotonic(), 0))
        rule = CohortRule(FIRST, None, None, now - timedelta(hours=1), None)
        set_release_mode(
            programme_id=slot.programme_id, mode="cohort", cohorts=[NamedCohort("一", "one", rule)], by=by, now=now
        )
        committed.append(time.monotonic())

    def one(number, patient):
        def act():
            time.sleep(max(start + number * SECONDS / PEOPLE - time.monotonic(), 0))
            began, in_turn = time.monotonic(), last_digit(patient.document_number) in FIRST
            try:
                outcome = book(
                    account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=uuid4().hex,
                    now=timezone.now(),
                )  # fmt: skip
            except NotYourTurn as refusal:
                outcome = refusal
            return Try(began, in_turn, outcome)

        return act

    people = make_patients(PEOPLE)
    start = time.monotonic()
    tries = all_at_once([switch, *(one(number, patient) for number, patient in enumerate(people))], threads=16)
    [at] = committed
    done = [one for one in tries if isinstance(one, Try)]
    assert [one for one in tries[1:] if not isinstance(one, Try)] == []
    return at, done


def test_two_seconds_after_the_switch_nobody_out_of_turn_gets_a_place():
    committed, tries = rush()

    before = [one for one in tries if one.began < committed and not one.in_turn]
    after = [one for one in tries if one.began > committed + KEPT]
    assert before
    assert all(one.got_a_place for one in before[: len(before) // 2])
    assert [one for one in after if one.in_turn]
    assert [one for one in after if not one.in_turn]
    assert [one for one in after if one.got_a_place is not one.in_turn] == []


def test_twin_without_the_question_whose_turn_it_is_they_get_places(monkeypatch):
    monkeypatch.setattr(write_bookings, "out_of_turn", lambda wanted, *, now: [None] * len(wanted))

    committed, tries = rush()

    assert [one for one in tries if one.began > committed + KEPT and not one.in_turn and one.got_a_place]
