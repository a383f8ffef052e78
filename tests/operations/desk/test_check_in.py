"""Somebody comes to the desk: checked in, once, with a number; or told why not."""

from datetime import timedelta

import pytest

from booking.models import Appointment, AppointmentEvent, DeskAct, Relocation, Status, Visit
from booking.operations.cancel import cancel
from booking.operations.refusals import WrongStatus
from booking.operations.relocations.answer import decline_relocation
from tests.desk_factories import make_expected, make_slot_now
from tests.factories import CLOCK, make_appointment, make_site, make_slot

pytestmark = pytest.mark.django_db


def test_somebody_in_time_is_checked_in_with_the_next_number_of_the_day(site, desk, scan):
    early_bird, second = make_expected(site, 2)

    first_answer, second_answer = scan(early_bird), scan(second)

    assert (first_answer.outcome, first_answer.code, first_answer.facts["ticket"]) == ("done", "on_time", 1)
    assert second_answer.facts["ticket"] == 2
    early_bird.refresh_from_db()
    visit = Visit.objects.get(appointment=early_bird)
    assert early_bird.status == Status.CHECKED_IN
    assert (visit.site, visit.arrived_at, visit.arrived_desk, str(visit)) == (site, CLOCK, "登记台 1", "A001")
    event = AppointmentEvent.objects.get(appointment=early_bird)
    assert (event.kind, event.by, event.at) == ("CHECKED_IN", desk, CLOCK)


def test_numbers_begin_anew_each_day_and_at_each_site(site, scan, now):
    today, tomorrow = make_slot_now(site), make_slot(site, starts_at=CLOCK + timedelta(days=1))

    assert scan(make_appointment(today)).facts["ticket"] == 1
    assert scan(make_appointment(tomorrow), at=CLOCK + timedelta(days=1)).facts["ticket"] == 1


def test_a_second_scan_is_told_when_and_where_the_first_was(site, scan):
    [appointment] = make_expected(site, 1)
    scan(appointment)

    again = scan(appointment, desk="登记台 2", at=CLOCK + timedelta(minutes=3))

    assert (again.outcome, again.code) == ("refused", "already")
    assert again.facts == {
        "result": "refused",
        "reason": "already",
        "at": "2026-11-24T10:00:00+08:00",
        "desk": "登记台 1",
        "ticket": 1,
    }
    assert Visit.objects.count() == DeskAct.objects.count() == 1


def test_whoever_comes_to_the_place_that_the_city_chose_has_taken_it(site, desk, scan, now):
    [asked, declined] = make_expected(site, 2)
    for row, state in ((asked, "PENDING"), (declined, "DECLINED")):
        Relocation.objects.create(
            appointment=row, from_slot=row.slot, to_slot=row.slot, by=desk, made_at=now, state=state
        )

    scan(asked)
    scan(declined)

    answered = Relocation.objects.get(appointment=asked)
    assert (answered.state, answered.answered_at) == ("ACCEPTED", CLOCK)
    assert Relocation.objects.get(appointment=declined).state == "DECLINED"
    with pytest.raises(WrongStatus):
        decline_relocation(account_id=asked.booked_by_id, reference=asked.reference, now=CLOCK)


def test_too_early_is_refused_until_the_desk_takes_the_person_in(site, scan):
    appointment = make_appointment(make_slot_now(site, minutes=61))

    refused = scan(appointment)
    taken_in = scan(appointment, data={"accept_time": True})

    assert (refused.outcome, refused.code, refused.facts["result"]) == ("refused", "too_early", "wrong_time")
    assert refused.facts["starts_at"] == "2026-11-24T11:01:00+08:00"
    assert (taken_in.outcome, taken_in.code) == ("done", "early")


def test_another_day_is_not_taken_in_by_accepting_the_time(site, scan):
    appointment = make_appointment(make_slot(site, starts_at=CLOCK + timedelta(days=1)))

    answer = scan(appointment, data={"accept_time": True})

    assert (answer.outcome, answer.code) == ("refused", "other_day")
    assert not Visit.objects.exists()


def test_of_another_sites_appointment_the_desk_learns_where_and_when_and_no_more(scan):
    elsewhere = make_site(name="南湖路接种点")
    answer = scan(make_appointment(make_slot_now(elsewhere)))

    assert (answer.outcome, answer.code) == ("refused", "other_site")
    assert set(answer.facts) == {"result", "reason", "site", "site_en", "starts_at"}
    assert answer.facts["site"] == "南湖路接种点"


def test_a_number_that_nobody_has_is_unknown(scan):
    answer = scan(None, reference="123456789012")

    assert (answer.outcome, answer.code, answer.facts["result"]) == ("refused", "not_in_list", "unknown")


def test_who_was_given_up_as_a_no_show_comes_back_to_life(site, scan):
    [late] = make_expected(site, 1, status=Status.NO_SHOW)

    answer = scan(late)

    assert (answer.outcome, answer.code, answer.facts["was"]) == ("done", "revived", "no_show")
    late.refresh_from_db()
    assert (late.status, late.place) == (Status.CHECKED_IN, 1)


def test_a_no_show_who_has_booked_the_dose_again_is_not_checked_in_twice(site, scan):
    [late] = make_expected(site, 1, status=Status.NO_SHOW)
    booked_again = make_appointment(make_slot(site, late.programme))
    Appointment.objects.filter(pk=booked_again.pk).update(person=late.person)

    answer = scan(late)

    assert (answer.outcome, answer.code) == ("refused", "already_booked")
    late.refresh_from_db()
    assert late.status == Status.NO_SHOW
    assert not Visit.objects.exists()


def test_a_cancelled_appointment_says_when_and_by_whom_in_a_word(site, scan, now):
    appointment = make_appointment(make_slot_now(site, minutes=20))
    cancel(account_id=appointment.booked_by_id, reference=appointment.reference, now=now)

    answer = scan(appointment)

    assert (answer.outcome, answer.code) == ("refused", "cancelled")
    assert (answer.facts["cancelled_at"], answer.facts["by"]) == ("2026-11-24T10:00:00+08:00", "self")


def test_a_checked_in_appointment_can_neither_be_cancelled_nor_moved_by_the_citizen(site, scan, now):
    from booking.operations.move import move
    from booking.operations.refusals import WrongStatus

    appointment = make_appointment(make_slot_now(site, minutes=20))
    other = make_slot(site, appointment.programme)
    scan(appointment)

    with pytest.raises(WrongStatus):
        cancel(account_id=appointment.booked_by_id, reference=appointment.reference, now=now)
    with pytest.raises(WrongStatus):
        move(
            account_id=appointment.booked_by_id,
            reference=appointment.reference,
            slot_id=other.pk,
            request_key="another-time",
            now=now,
        )
