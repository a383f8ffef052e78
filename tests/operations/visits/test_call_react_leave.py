"""Numbers that are called, reactions that are seen, people who leave."""

from datetime import timedelta

import pytest
from django.db import connection

from booking.models import AppointmentEvent, DeskAct, Reaction, VisitStatus
from booking.queries.desk.sealed import unseal
from tests.factories import CLOCK

pytestmark = pytest.mark.django_db
SEEN = {"kind": "fainting", "action": "watched", "note": "脸色苍白", "began_at": "2026-11-24T10:04:00+08:00"}


def after(minutes):
    return CLOCK + timedelta(minutes=minutes)


def test_a_number_is_called_to_a_desk_by_anybody(appointment, arrived, tell):
    answer = tell("CALL", appointment, post="observation", desk="接种台 3")

    arrived.refresh_from_db()
    assert (answer.outcome, arrived.called_at, arrived.called_desk) == ("done", CLOCK, "接种台 3")


def test_the_latest_call_counts_in_whatever_order_calls_come(appointment, arrived, tell):
    tell("CALL", appointment, desk="接种台 3", at=after(5))
    tell("CALL", appointment, desk="问诊台 1", at=after(1), now=after(9), offline=True)

    arrived.refresh_from_db()
    assert (arrived.called_at, arrived.called_desk) == (after(5), "接种台 3")


def test_nobody_is_called_who_has_not_come(appointment, tell):
    assert tell("CALL", appointment).code == "wrong_status"
    assert tell("CALL", appointment, offline=True).code == "no_visit"


def test_a_reaction_is_written_down_and_its_note_only_encrypted(appointment, vaccinated, tell, posts):
    answer = tell("REACT", appointment, data=SEEN, at=after(5))

    row = Reaction.objects.get()
    assert (answer.outcome, row.visit, row.kind, row.action) == ("done", vaccinated, "fainting", "watched")
    assert (row.note, row.by, row.began_at) == ("脸色苍白", posts["observation"], after(4))
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM booking_reaction")
        assert "苍白".encode() not in bytes(cursor.fetchone()[0])
    kept = str([*DeskAct.objects.values_list("facts", flat=True), *AppointmentEvent.objects.values_list("facts")])
    assert not [word for word in ("fainting", "watched", "苍白") if word in kept]


@pytest.mark.parametrize("began_at", ["yesterday", "2026-11-24T10:04:00", None, "2026-11-24T12:00:00+08:00"])
def test_a_reaction_that_began_at_no_possible_time_began_when_it_was_seen(appointment, vaccinated, tell, began_at):
    tell("REACT", appointment, data={**SEEN, "began_at": began_at}, at=after(5))

    assert Reaction.objects.get().began_at == after(5)


def test_somebody_who_has_left_may_come_back_with_a_reaction(appointment, vaccinated, tell):
    tell("LEAVE", appointment, at=after(30))

    assert tell("REACT", appointment, data=SEEN, at=after(90)).outcome == "done"


def test_a_reaction_is_refused_without_its_kind_and_before_a_dose(appointment, arrived, tell):
    assert tell("REACT", appointment, data=SEEN).code == "wrong_status"
    assert tell("REACT", appointment, data={**SEEN, "kind": "hiccup"}).code == "wrong_status"
    assert not Reaction.objects.exists()


def test_a_reaction_is_refused_without_a_kind_that_is_known(appointment, vaccinated, tell):
    assert tell("REACT", appointment, data={**SEEN, "kind": "hiccup"}).facts == {"field": "kind"}
    assert not Reaction.objects.exists()


def test_an_offline_reaction_before_any_known_dose_is_written_and_looked_at(appointment, arrived, tell):
    answer = tell("REACT", appointment, data=SEEN, offline=True)

    assert (answer.outcome, answer.code, Reaction.objects.get().visit) == ("conflict", "no_dose", arrived)


def test_an_offline_reaction_of_somebody_without_a_visit_is_kept_sealed(appointment, tell):
    answer = tell("REACT", appointment, data=SEEN, offline=True)

    facts = DeskAct.objects.get().facts
    assert (answer.outcome, answer.code) == ("conflict", "no_visit")
    assert "fainting" not in str(facts)
    assert unseal(facts["sealed"]) == SEEN


def test_an_offline_reaction_of_somebody_nobody_knows_is_kept_sealed(appointment, tell):
    answer = tell("REACT", appointment, data=SEEN, offline=True, reference="000000000000")

    assert (answer.outcome, answer.code) == ("conflict", "unknown")
    assert unseal(DeskAct.objects.get().facts["sealed"]) == SEEN


def test_whoever_was_observed_long_enough_leaves(appointment, vaccinated, tell):
    answer = tell("LEAVE", appointment, at=after(30))

    vaccinated.refresh_from_db()
    assert (answer.outcome, vaccinated.status, vaccinated.left_at) == ("done", VisitStatus.FINISHED, after(30))


def test_leaving_early_takes_a_reason(appointment, vaccinated, tell):
    assert tell("LEAVE", appointment, at=after(29)).code == "reason_missing"
    assert tell("LEAVE", appointment, at=after(29), data={"early": "急"}).code == "reason_missing"
    assert tell("LEAVE", appointment, at=after(29), data={"early": "家里有急事"}).outcome == "done"

    vaccinated.refresh_from_db()
    assert vaccinated.left_early == "家里有急事"


def test_whoever_left_early_without_a_reason_offline_has_left(appointment, vaccinated, tell):
    answer = tell("LEAVE", appointment, at=after(10), offline=True)

    vaccinated.refresh_from_db()
    assert (answer.outcome, answer.code, vaccinated.status) == ("conflict", "reason_missing", VisitStatus.FINISHED)


def test_whoever_was_seen_to_leave_twice_left_the_first_time(appointment, vaccinated, tell):
    tell("LEAVE", appointment, at=after(31))

    again = tell("LEAVE", appointment, at=after(33), offline=True)

    vaccinated.refresh_from_db()
    assert (again.outcome, again.code, vaccinated.left_at) == ("done", "already_left", after(31))
    assert tell("LEAVE", appointment, at=after(34)).code == "wrong_status"


def test_nobody_leaves_before_a_dose(appointment, arrived, tell):
    assert tell("LEAVE", appointment).code == "wrong_status"
    assert tell("LEAVE", appointment, offline=True, reference="000000000000").code == "unknown"
