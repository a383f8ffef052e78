"""The health questions: who may go on, who comes another day, and what of it is readable by whom."""

from datetime import date, timedelta

import pytest
from django.db import connection

from booking.models import (
    AppointmentEvent,
    DeskAct,
    HealthAnswers,
    RecordStatus,
    Status,
    VaccinationRecord,
    Visit,
    VisitStatus,
)
from booking.operations.cancel import restore
from booking.operations.refusals import TooLate
from booking.queries.desk.sealed import unseal
from tests.desk_factories import make_visit
from tests.factories import CLOCK, make_appointment, make_slot

pytestmark = pytest.mark.django_db
LATER = CLOCK + timedelta(minutes=2)


def test_somebody_who_says_no_to_everything_may_be_vaccinated(appointment, arrived, ask, posts):
    answer = ask(appointment)

    arrived.refresh_from_db()
    answers = HealthAnswers.objects.get(visit=arrived)
    assert (answer.outcome, arrived.status, arrived.triaged_at) == ("done", VisitStatus.TRIAGED, CLOCK)
    assert (answers.decision, answers.said_yes, answers.by) == ("MAY", "", posts["screening"])


def test_answers_and_notes_are_only_encrypted_in_the_ledger_and_nowhere_in_the_act(appointment, arrived, ask):
    ask(appointment, said_yes=["fever", "pregnancy"], note="高烧三天")

    answers = HealthAnswers.objects.get()
    assert (answers.said_yes, answers.note) == ("fever,pregnancy", "高烧三天")
    with connection.cursor() as cursor:
        cursor.execute("SELECT said_yes, note FROM booking_healthanswers")
        raw = b"".join(map(bytes, cursor.fetchone()))
    assert b"fever" not in raw
    assert "高烧".encode() not in raw
    kept = str([DeskAct.objects.get().facts, *AppointmentEvent.objects.values_list("facts", flat=True)])
    assert not [word for word in ("fever", "pregnancy", "高烧") if word in kept]


def test_asked_again_before_the_dose_the_later_answers_count(appointment, arrived, ask):
    ask(appointment, said_yes=["fever"])
    ask(appointment, said_yes=[], at=LATER)

    arrived.refresh_from_db()
    assert (arrived.status, arrived.triaged_at) == (VisitStatus.TRIAGED, LATER)
    assert [row.said_yes for row in arrived.answers.order_by("at")] == ["fever", ""]


@pytest.mark.parametrize(("decision", "reason"), [("defer", "deferred"), ("refuse", "refused")])
def test_whoever_is_not_vaccinated_today_may_book_again(appointment, arrived, ask, posts, decision, reason):
    ask(appointment, decision, said_yes=["fever"], deferred_until="2026-12-08")

    arrived.refresh_from_db()
    appointment.refresh_from_db()
    record = VaccinationRecord.objects.get()
    cancelled, released = AppointmentEvent.objects.order_by("pk")
    assert (arrived.status, arrived.left_at) == (VisitStatus.FINISHED, CLOCK)
    assert (record.status, record.reason, record.batch, record.person) == (
        RecordStatus.NOT_DONE,
        reason,
        None,
        appointment.person,
    )
    assert (appointment.status, appointment.place) == (Status.CANCELLED, None)
    assert (cancelled.kind, cancelled.facts["reason"], cancelled.by) == ("CANCELLED", reason, posts["screening"])
    assert released.kind == "PLACE_RELEASED"
    assert HealthAnswers.objects.get().deferred_until == date(2026, 12, 8)
    again = make_appointment(make_slot(appointment.slot.site, appointment.programme))
    again.person = appointment.person
    again.save(update_fields=["person"])


def test_no_citizen_takes_a_deferral_back(appointment, arrived, ask, now):
    ask(appointment, "defer")

    with pytest.raises(TooLate):
        restore(account_id=appointment.booked_by_id, reference=appointment.reference, now=now)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"said_yes": ["cough"], "decision": "may"}, "said_yes"),
        ({"decision": "may"}, "said_yes"),
        ({"said_yes": [], "decision": "perhaps"}, "decision"),
        ({"said_yes": []}, "decision"),
    ],
)
def test_half_of_the_answers_are_refused(appointment, arrived, tell, data, field):
    answer = tell("ANSWER", appointment, data=data)

    assert (answer.outcome, answer.code, answer.facts) == ("refused", "incomplete", {"field": field})
    assert not HealthAnswers.objects.exists()


def test_nobody_is_asked_who_has_not_checked_in(appointment, ask):
    assert (ask(appointment).outcome, ask(appointment).code) == ("refused", "wrong_status")


def test_nobody_is_asked_again_after_the_dose(appointment, vaccinated, ask):
    assert ask(appointment, at=LATER).code == "wrong_status"
    assert HealthAnswers.objects.count() == 1


def test_offline_answers_of_somebody_whose_check_in_is_unknown_check_them_in(appointment, ask):
    answer = ask(appointment, offline=True)

    appointment.refresh_from_db()
    assert (answer.outcome, answer.code) == ("conflict", "not_checked_in")
    assert (appointment.status, Visit.objects.get().status) == (Status.CHECKED_IN, VisitStatus.TRIAGED)


def test_offline_answers_that_nothing_can_be_written_of_are_kept_sealed(appointment, ask):
    appointment.status, appointment.place = Status.CANCELLED, None
    appointment.save()

    answer = ask(appointment, offline=True, said_yes=["fever"], note="高烧")

    act = DeskAct.objects.get()
    assert (answer.outcome, answer.code, act.appointment) == ("conflict", "no_visit", appointment)
    assert "fever" not in str(act.facts)
    assert unseal(act.facts["sealed"])["said_yes"] == ["fever"]


def test_offline_answers_from_before_the_dose_fall_into_their_place(appointment, batch, give, ask):
    visit = make_visit(appointment, at=CLOCK)
    give(appointment, post="doctor", lift=["not_asked"], lift_reason="急救处置", at=LATER)

    answer = ask(appointment, offline=True, at=CLOCK + timedelta(minutes=1), now=CLOCK + timedelta(hours=1))

    visit.refresh_from_db()
    assert (answer.outcome, visit.status) == ("done", VisitStatus.IN_PROGRESS)
    assert visit.triaged_at == CLOCK + timedelta(minutes=1)


@pytest.mark.parametrize(("decision", "minutes"), [("defer", 1), ("may", 9)])
def test_offline_answers_that_come_too_late_for_the_dose_are_looked_at(appointment, vaccinated, ask, decision, minutes):
    at = CLOCK + timedelta(minutes=minutes)

    answer = ask(appointment, decision, offline=True, at=at, now=CLOCK + timedelta(hours=1))

    appointment.refresh_from_db()
    assert (answer.outcome, answer.code) == ("conflict", "too_late")
    assert appointment.status == Status.FULFILLED
    assert HealthAnswers.objects.count() == 2


def test_an_offline_decision_that_cannot_be_read_lets_nobody_through(appointment, arrived, batch, tell, give):
    answer = tell("ANSWER", appointment, offline=True, data={"said_yes": ["cough"], "decision": "perhaps"})

    assert (answer.outcome, answer.code) == ("conflict", "incomplete")
    assert give(appointment, at=LATER).facts == {"bars": ["deferred"]}
