"""What was written down wrongly is put right by a supervisor, with a reason, and stays readable."""

from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from booking.models import (
    ActKind,
    AppointmentEvent,
    DeskAct,
    HealthAnswers,
    Status,
    StockMovement,
    VaccinationRecord,
    Visit,
    VisitStatus,
)
from tests.desk_factories import make_batch, make_slot_now
from tests.factories import CLOCK, make_appointment, make_programme

pytestmark = pytest.mark.django_db
LATER = CLOCK + timedelta(hours=3)
REASON = "录错了人，已当面核对"


@pytest.fixture
def put_right(tell):
    def run(appointment, what, reason=REASON, **data):
        fields = {name: data.pop(name) for name in ("offline", "post") if name in data}
        return tell(ActKind.CORRECT, appointment, at=LATER, data={"what": what, "reason": reason, **data}, **fields)

    return run


def left_of(batch):
    return sum(row.doses for row in batch.movements.all())


def traces():
    """What an act in the history, the appointment's own and the audit trail say of the one correction."""
    event, entry = AppointmentEvent.objects.get(kind="CORRECTED"), AuditEntry.objects.get(action="correct")
    act = DeskAct.objects.get(kind=ActKind.CORRECT)
    assert (event.by, event.at) == (entry.by, LATER) == (act.by, act.happened_at)
    assert entry.reason == REASON
    assert REASON not in str([event.facts, act.facts])
    return event.facts, entry.before, entry.after


def test_a_check_in_is_taken_back_long_after_it_was_made(appointment, arrived, put_right):
    answer = put_right(appointment, "check_in")

    arrived.refresh_from_db()
    appointment.refresh_from_db()
    assert (answer.outcome, arrived.status, appointment.status) == ("done", VisitStatus.CANCELLED, Status.BOOKED)
    assert traces() == ({"what": "check_in"}, {"status": "CHECKED_IN"}, {"status": "BOOKED"})


def test_a_check_in_that_a_dose_has_followed_is_not_taken_back(appointment, vaccinated, put_right):
    assert put_right(appointment, "check_in").code == "wrong_status"
    assert not AuditEntry.objects.exists()


def test_answers_are_taken_back_so_that_the_questions_are_asked_again(
    appointment, arrived, batch, ask, give, put_right
):
    ask(appointment, said_yes=["fever"])

    put_right(appointment, "answers")

    arrived.refresh_from_db()
    assert (arrived.status, arrived.triaged_at) == (VisitStatus.ARRIVED, None)
    assert HealthAnswers.objects.get().said_yes == "fever"
    assert give(appointment, at=LATER).facts == {"bars": ["not_asked"]}
    assert traces() == ({"what": "answers"}, {"answers": "***"}, {"answers": None})
    ask(appointment, at=LATER)
    assert give(appointment, at=LATER).outcome == "done"


def test_a_deferral_that_was_a_mistake_is_taken_back_with_a_place(appointment, arrived, batch, ask, give, put_right):
    ask(appointment, "defer")

    put_right(appointment, "answers")

    appointment.refresh_from_db()
    arrived.refresh_from_db()
    assert (appointment.status, arrived.status) == (Status.CHECKED_IN, VisitStatus.ARRIVED)
    assert appointment.place is not None
    assert VaccinationRecord.objects.get().status == "ENTERED_IN_ERROR"
    ask(appointment, at=LATER)
    assert give(appointment, at=LATER).outcome == "done"


def test_a_deferral_stays_where_the_person_has_booked_again(appointment, arrived, ask, put_right):
    ask(appointment, "defer")
    again = make_appointment(make_slot_now(appointment.slot.site, minutes=60, programme=appointment.programme))
    again.person = appointment.person
    again.save(update_fields=["person"])

    assert put_right(appointment, "answers").code == "already_booked"

    assert VaccinationRecord.objects.get().status == "NOT_DONE"


def test_answers_are_not_taken_back_after_the_dose(appointment, vaccinated, put_right):
    assert put_right(appointment, "answers").code == "wrong_status"


def test_a_dose_that_was_not_given_goes_back_to_its_batch(appointment, vaccinated, batch, give, put_right, posts):
    put_right(appointment, "dose")

    appointment.refresh_from_db()
    vaccinated.refresh_from_db()
    record = VaccinationRecord.objects.get()
    assert (record.status, record.reason) == ("ENTERED_IN_ERROR", REASON)
    assert (appointment.status, vaccinated.status) == (Status.CHECKED_IN, VisitStatus.TRIAGED)
    assert (vaccinated.vaccinated_at, vaccinated.observe_until) == (None, None)
    back = StockMovement.objects.get(kind="CORRECTED")
    assert (back.doses, back.record, back.by, left_of(batch)) == (1, record, posts["supervisor"], 10)
    before = {"batch": "FLU2611", "body_site": "left_arm", "route": "intramuscular"}
    assert traces() == ({"what": "dose"}, before, {"status": "ENTERED_IN_ERROR"})
    assert give(appointment, at=LATER).outcome == "done"
    assert left_of(batch) == 9


def test_a_dose_of_another_batch_is_written_anew(site, appointment, vaccinated, batch, put_right, posts):
    right = make_batch(site, batch.vaccine, number="FLU2612")

    put_right(appointment, "dose", batch="FLU2612", body_site="right_arm")

    appointment.refresh_from_db()
    wrong, new = VaccinationRecord.objects.order_by("-status")
    assert (wrong.status, wrong.batch, wrong.reason) == ("ENTERED_IN_ERROR", batch, REASON)
    assert (new.status, new.batch, new.body_site, new.route) == ("COMPLETED", right, "right_arm", "intramuscular")
    assert (new.given_at, new.given_by, new.lifted) == (CLOCK, posts["vaccination"], "")
    assert (left_of(batch), left_of(right), appointment.status) == (10, 9, Status.FULFILLED)
    _facts, before, after = traces()
    assert (before["batch"], after["batch"], after["body_site"]) == ("FLU2611", "FLU2612", "right_arm")


def test_another_arm_moves_no_stock_and_taking_that_back_gives_the_one_dose_back(
    appointment, vaccinated, batch, put_right
):
    put_right(appointment, "dose", body_site="right_arm")
    assert left_of(batch) == 9

    put_right(appointment, "dose")

    assert left_of(batch) == 10
    assert {*VaccinationRecord.objects.values_list("status", flat=True)} == {"ENTERED_IN_ERROR"}


def test_a_batch_of_another_vaccine_that_was_given_is_in_the_record_as_such(site, appointment, vaccinated, put_right):
    other = make_batch(site, make_programme().vaccine, number="HPV1")

    put_right(appointment, "dose", batch="HPV1")

    new = VaccinationRecord.objects.get(status="COMPLETED")
    assert (new.vaccine, new.lifted, new.lifted_reason) == (other.vaccine, "wrong_vaccine", REASON)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"batch": "FLU9999"}, "dose_barred"),
        ({"body_site": "left_ear"}, "incomplete"),
        ({"body_site": "left_arm"}, "incomplete"),
    ],
)
def test_a_dose_is_not_written_anew_by_what_makes_no_sense(appointment, vaccinated, put_right, data, code):
    assert put_right(appointment, "dose", **data).code == code
    assert VaccinationRecord.objects.get().status == "COMPLETED"


def test_somebody_who_is_still_there_has_not_left(appointment, vaccinated, tell, put_right):
    tell(ActKind.LEAVE, appointment, at=CLOCK + timedelta(minutes=10), data={"early": "家里有急事"})

    put_right(appointment, "leave")

    vaccinated.refresh_from_db()
    assert (vaccinated.status, vaccinated.left_at, vaccinated.left_early) == (VisitStatus.IN_PROGRESS, None, "")
    assert traces()[0] == {"what": "leave"}


def test_nobody_is_put_back_who_has_not_left_or_was_deferred(appointment, arrived, ask, put_right):
    assert put_right(appointment, "leave").code == "wrong_status"
    ask(appointment, "defer")
    assert put_right(appointment, "leave").code == "wrong_status"


@pytest.mark.parametrize("reason", ["", "错了", "   错   "])
def test_nothing_is_put_right_without_a_reason(appointment, vaccinated, put_right, reason):
    assert put_right(appointment, "dose", reason).code == "reason_missing"
    assert VaccinationRecord.objects.get().status == "COMPLETED"


def test_only_what_can_be_put_right_is(appointment, arrived, put_right):
    assert put_right(appointment, "weather").facts == {"field": "what"}


def test_only_a_supervisor_puts_anything_right(appointment, vaccinated, put_right):
    assert put_right(appointment, "dose", post="doctor").code == "not_your_post"


def test_what_cannot_be_put_right_offline_is_looked_at(appointment, arrived, put_right):
    answer = put_right(appointment, "dose", offline=True)

    assert (answer.outcome, answer.code) == ("conflict", "wrong_status")
    assert Visit.objects.get().status == VisitStatus.ARRIVED
    assert REASON not in str(DeskAct.objects.get().facts)
