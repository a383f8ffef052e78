"""Cancelling on a page of its own, and taking it back."""

from datetime import timedelta

import pytest

from booking import admission
from booking.models import Appointment, AppointmentEvent
from booking.operations.book import book
from booking.operations.cancel import cancel
from booking.operations.freed_places.release_places import release_places
from tests.factories import make_slot

pytestmark = pytest.mark.django_db(transaction=True)


def give_up(signed_in, row, **fields):
    return signed_in.post(f"/appointments/{row.reference}/cancel/", fields)


def take_back(signed_in, row):
    return signed_in.post(f"/appointments/{row.reference}/restore/")


def test_the_page_says_what_is_lost_and_changes_nothing(signed_in, booked):
    row = booked()

    text = signed_in.get(f"/appointments/{row.reference}/cancel/").content.decode()

    for said in ("取消这次预约吗？", "王秀兰", "10 分钟内可以恢复", "不取消了", "确认取消"):
        assert said in text
    assert text.count('type="radio"') == 5
    assert Appointment.objects.get().status == "BOOKED"


def test_close_to_the_start_it_says_that_there_is_no_way_back(signed_in, booked, now):
    row = booked(starts_at=now + timedelta(hours=2))

    text = signed_in.get(f"/appointments/{row.reference}/cancel/").content.decode()

    assert "不能恢复" in text
    assert "分钟内可以恢复" not in text


def test_a_cancelled_appointment_can_be_restored_for_ten_minutes(signed_in, booked, clock, now):
    row = booked()

    gone = give_up(signed_in, row)
    shown = signed_in.get(gone["Location"]).content.decode()

    assert (gone.status_code, gone["Location"]) == (302, f"/appointments/{row.reference}/")
    assert Appointment.objects.get().status == "CANCELLED"
    assert "10:10 前可以恢复" in shown
    clock.move_to(now + timedelta(minutes=9, seconds=59))
    back = take_back(signed_in, row)
    assert (back.status_code, back["Location"]) == (302, f"/appointments/{row.reference}/?done=restored")
    assert "已恢复预约" in signed_in.get(back["Location"]).content.decode()
    assert Appointment.objects.get().status == "BOOKED"


def test_after_ten_minutes_the_way_back_is_closed_in_words(signed_in, booked, clock, now):
    row = booked()
    give_up(signed_in, row)

    clock.move_to(now + timedelta(minutes=10))
    shown = signed_in.get(f"/appointments/{row.reference}/").content.decode()
    refused = take_back(signed_in, row)

    assert "前可以恢复" not in shown
    assert refused.status_code == 409
    assert "可以恢复的时间过了" in refused.content.decode()
    assert Appointment.objects.get().status == "CANCELLED"


def test_who_has_booked_the_dose_again_is_told_so_when_taking_it_back(signed_in, booked, patient, now):
    row = booked()
    give_up(signed_in, row)
    other = make_slot(programme=row.programme)
    book(account_id=patient.user_id, patient_id=patient.pk, slot_id=other.pk, request_key="another-one", now=now)

    refused = take_back(signed_in, row)

    assert refused.status_code == 409
    assert "又约了同一种疫苗" in refused.content.decode()


def test_the_reason_is_kept_with_the_cancellation(signed_in, booked):
    give_up(signed_in, booked(), reason="far")

    assert AppointmentEvent.objects.get(kind="CANCELLED").facts["reason"] == "far"


def test_without_a_reason_none_is_kept(signed_in, booked):
    give_up(signed_in, booked())

    assert "reason" not in AppointmentEvent.objects.get(kind="CANCELLED").facts


def test_a_reason_that_is_not_offered_is_refused_and_nothing_is_cancelled(signed_in, booked):
    answer = give_up(signed_in, booked(), reason="<script>")

    assert answer.status_code == 200
    assert 'id="errors"' in answer.content.decode()
    assert Appointment.objects.get().status == "BOOKED"
    with pytest.raises(ValueError, match="not a reason"):
        cancel(account_id=1, reference="100000000007", now=None, reason="<script>")


def test_sent_twice_it_cancels_once_and_frees_one_place(signed_in, booked, now):
    row = booked()

    answers = [give_up(signed_in, row, reason="time"), give_up(signed_in, row, reason="other")]
    freed = [release_places(now=now + timedelta(minutes=11)), release_places(now=now + timedelta(minutes=12))]

    assert {answer["Location"] for answer in answers} == {f"/appointments/{row.reference}/"}
    assert AppointmentEvent.objects.filter(kind="CANCELLED").count() == 1
    assert freed == [1, 0]
    assert admission.places_left([row.slot_id]) == {row.slot_id: 10}


def test_taken_back_twice_it_is_booked_once(signed_in, booked):
    row = booked()
    give_up(signed_in, row)

    answers = [take_back(signed_in, row), take_back(signed_in, row)]

    assert {answer["Location"] for answer in answers} == {f"/appointments/{row.reference}/?done=restored"}
    assert AppointmentEvent.objects.filter(kind="RESTORED").count() == 1


@pytest.mark.parametrize(
    ("status", "minutes", "said"),
    [("BOOKED", -1, "已经到了接种时间，不能再取消。"), ("CHECKED_IN", 60, "已经签到或接种，不能再取消。")],
)
def test_what_cannot_be_cancelled_says_why(signed_in, booked, now, status, minutes, said):
    row = booked(starts_at=now + timedelta(minutes=minutes), status=status)

    asked = signed_in.get(f"/appointments/{row.reference}/cancel/")
    refused = give_up(signed_in, row)

    assert (asked.status_code, asked["Location"]) == (302, f"/appointments/{row.reference}/")
    assert refused.status_code == 409
    assert said in refused.content.decode()
    assert Appointment.objects.get().status == status


def test_restoring_is_not_possible_by_a_link(signed_in, booked):
    assert signed_in.get(f"/appointments/{booked().reference}/restore/").status_code == 405
