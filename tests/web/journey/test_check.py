"""Step 5: check and confirm; every refusal keeps what was chosen and says what to do."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from booking.models import Appointment
from booking.operations.hold import drop
from tests.factories import make_patient, make_programme, make_slot
from tests.races.crowd import all_at_once
from tests.web.journey.conftest import Visitor, at, books, released, text_of, when

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(site, programme, slots, patient):
    return when(site, programme, patient)


@pytest.fixture
def check(visitor, page, slots):
    """The address of the check page, with the first time held."""
    return visitor.post(page, slot=slots[0].pk)["Location"]


def confirm(visitor, address, **more):
    shown = visitor.get(address)
    key = re.search(r'name="request_key" value="([^"]+)"', shown.content.decode())
    return visitor.post(address, **{"request_key": key[1] if key else "", **more})


def token_of(address):
    return dict(parse_qsl(urlsplit(address).query))["hold"]


def later(seconds):
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds))


def test_the_page_repeats_everything_with_the_phone_masked(visitor, citizen, check) -> None:
    response = visitor.get(check)

    text = text_of(response)
    for line in ("王秀兰（父母）", "流感疫苗接种", "望月湖卫生服务中心", "09:00–09:30", "138****"):
        assert line in text
    assert str(citizen.phone) not in response.content.decode()
    assert text.count("更改") == 5
    assert "no-store" in response["Cache-Control"]


def test_the_page_says_until_when_the_place_is_held(visitor, check) -> None:
    until = timezone.localtime(timezone.now() + timedelta(seconds=settings.HOLD_SECONDS))

    text = text_of(visitor.get(check))

    assert f"已为您保留到 {until:%H:%M}" in text or f"已为您保留到 {until - timedelta(minutes=1):%H:%M}" in text


def test_confirming_books_and_goes_to_the_appointment(visitor, patient, slots, check) -> None:
    response = confirm(visitor, check)

    booked = Appointment.objects.get()
    assert response["Location"] == f"{reverse('appointment', args=[booked.reference])}?done=1"
    assert (booked.patient_id, booked.slot_id, booked.status) == (patient.pk, slots[0].pk, "BOOKED")


def test_the_page_says_what_confirming_means_beside_the_button_that_does_it(visitor, check) -> None:
    page = text_of(visitor.get(check))

    assert "点“确认预约”表示您已读过下面的接种须知，同意接种。" in page
    assert Appointment.objects.count() == 0


def test_a_second_click_a_reload_and_the_back_button_are_one_booking(visitor, check) -> None:
    first = confirm(visitor, check)
    again = confirm(visitor, check)
    without_key = visitor.post(check)

    assert first["Location"] == again["Location"] == without_key["Location"]
    assert Appointment.objects.count() == 1


def test_ten_clicks_at_once_are_one_booking(visitor, citizen, check) -> None:
    def click():
        return Visitor(citizen).post(check).headers["Location"]

    places = all_at_once([click] * 10, threads=10)

    assert len(set(places)) == 1
    assert Appointment.objects.count() == 1


def test_clicks_with_keys_of_their_own_do_not_book_twice_either(visitor, citizen, check) -> None:
    """The twin without the shared key: then the ledger's rule of one dose a person is what holds."""

    def click(n):
        return Visitor(citizen).post(check, request_key=f"a-key-of-its-own-{n}").status_code

    codes = all_at_once([lambda n=n: click(n) for n in range(10)], threads=10)

    assert sorted(codes) == [302] + [409] * 9
    assert Appointment.objects.count() == 1


def test_two_citizens_on_the_last_place_one_is_confirmed_the_other_is_offered_the_nearest(
    visitor, site, programme, patient
) -> None:
    last = make_slot(site, programme, quota=1, starts_at=at(1, 9), opens_at=released())
    near = make_slot(site, programme, starts_at=at(1, 10), opens_at=released())
    late_patient = make_patient(name="李雷")
    late = Visitor(late_patient.user)
    check = visitor.post(when(site, programme, patient), slot=last.pk)["Location"]

    assert confirm(visitor, check).status_code == 302
    response = late.post(when(site, programme, late_patient), slot=last.pk)

    assert response.status_code == 409
    assert "李雷" in text_of(response)
    assert f'name="slot" value="{near.pk}"' in response.content.decode()
    assert Appointment.objects.get().patient_id == patient.pk


def test_somebody_elses_hold_a_forged_one_and_none_are_not_found(
    visitor, site, programme, patient, slots, check
) -> None:
    stranger = make_patient()
    theirs = Visitor(stranger.user).post(when(site, programme, stranger), slot=slots[1].pk)["Location"]
    mine = urlsplit(check).path

    assert visitor.get(mine, hold=token_of(theirs)).status_code == 404
    assert visitor.get(mine, hold=token_of(check) + "x").status_code == 404
    assert visitor.get(mine).status_code == 404
    assert Visitor(stranger.user).get(check).status_code == 404


def test_a_hold_for_another_patient_or_site_is_not_found(visitor, citizen, site, programme, slots, check) -> None:
    child = make_patient(citizen, name="小明")

    assert visitor.get(f"{when(site, programme, child)}check/", hold=token_of(check)).status_code == 404


def test_after_the_hold_ran_out_the_place_can_be_taken_again_if_it_is_free(visitor, page, slots, check) -> None:
    with later(settings.HOLD_SECONDS + 1):
        response = visitor.get(check)

    assert "保留时间到了，这个号还在。" in text_of(response)
    assert "确认预约" not in text_of(response)
    assert re.search(rf'name="slot" value="{slots[0].pk}">继续用它', response.content.decode())
    assert f'action="{page}"' in response.content.decode()


def test_after_the_hold_ran_out_and_the_place_went_the_nearest_are_offered(visitor, patient, site, programme) -> None:
    last = make_slot(site, programme, quota=1, starts_at=at(1, 9), opens_at=released())
    near = make_slot(site, programme, starts_at=at(1, 10), opens_at=released())
    check = visitor.post(when(site, programme, patient), slot=last.pk)["Location"]
    drop(token=token_of(check), account_id=patient.user_id)
    books(make_patient(), last)

    response = confirm(visitor, check)

    assert response.status_code == 409
    assert "保留时间到了，这个号已被约走。离它最近的空号：" in text_of(response)
    assert f'name="slot" value="{near.pk}"' in response.content.decode()
    assert "王秀兰（父母）" in text_of(response)


def test_a_hold_can_be_kept_longer_once(visitor, check) -> None:
    answer = visitor.post(check, longer="1")

    assert answer.status_code == 302
    assert "再留 5 分钟" in text_of(visitor.get(check))
    assert "再留 5 分钟" not in text_of(visitor.get(answer["Location"]))
    with later(settings.HOLD_SECONDS + 1):
        assert "已为您保留到" in text_of(visitor.get(answer["Location"]))


def test_who_is_booked_already_is_led_to_that_appointment(visitor, patient, slots, check) -> None:
    facts = books(patient, slots[2])

    response = confirm(visitor, check)

    assert response.status_code == 409
    assert "已经约了同一种疫苗" in text_of(response)
    assert reverse("appointment", args=[facts.reference]) in response.content.decode()


def test_without_a_hold_the_page_books_all_the_same(visitor, page, slots) -> None:
    check = f"{page}check/?slot={slots[0].pk}"

    shown = visitor.get(check)
    answer = confirm(visitor, check)

    assert "现在没法为您保留，请尽快确认。" in text_of(shown)
    assert answer.status_code == 302
    assert Appointment.objects.get().slot_id == slots[0].pk


def test_a_group_is_booked_whole_each_with_an_appointment(visitor, citizen, patient, site, programme, slots) -> None:
    child = make_patient(citizen, name="小明", relation="child")
    check = visitor.post(when(site, programme, patient, child), slot=slots[0].pk)["Location"]

    shown = text_of(visitor.get(check))
    answer = confirm(visitor, check)

    assert "王秀兰、小明" in shown
    assert answer["Location"] == f"{reverse('my_appointments')}?done=2"
    assert Appointment.objects.filter(slot=slots[0]).count() == 2


def test_a_group_over_neighbouring_times_says_who_comes_when(visitor, citizen, patient, site, programme) -> None:
    child = make_patient(citizen, name="小明", relation="child")
    first = make_slot(site, programme, quota=1, starts_at=at(1, 9), opens_at=released())
    second = make_slot(site, programme, quota=5, starts_at=at(1, 9, 30), opens_at=released())
    check = visitor.post(when(site, programme, patient, child), slot=f"{first.pk},{second.pk}")["Location"]

    shown = text_of(visitor.get(check))
    confirm(visitor, check)

    assert "09:00–09:30 王秀兰" in shown
    assert "09:30–10:00 小明" in shown
    assert {row.slot_id: row.patient_id for row in Appointment.objects.all()} == {
        first.pk: patient.pk,
        second.pk: child.pk,
    }


def test_a_group_of_which_one_is_booked_meanwhile_books_nobody(
    visitor, citizen, patient, site, programme, slots
) -> None:
    child = make_patient(citizen, name="小明", relation="child")
    check = visitor.post(when(site, programme, patient, child), slot=slots[0].pk)["Location"]
    books(child, slots[2])

    response = confirm(visitor, check)

    assert response.status_code == 409
    assert Appointment.objects.count() == 1


def test_both_doses_are_chosen_held_and_booked_together(visitor, patient, site) -> None:
    programme = make_programme(doses=2, intervals=[5])
    first = make_slot(site, programme, starts_at=at(1, 9), opens_at=released())
    second = make_slot(site, programme, starts_at=at(6, 9), opens_at=released())
    page = when(site, programme, patient)

    alone = visitor.get(visitor.post(page, slot=first.pk)["Location"])
    offered = re.search(r'href="([^"]+first=[^"]+)"', alone.content.decode())
    assert offered is not None
    check = visitor.post(offered[1], slot=second.pk)["Location"]
    shown = text_of(visitor.get(check))
    answer = confirm(visitor, check)

    assert "这一剂" in shown
    assert "下一剂" in shown
    assert answer["Location"] == f"{reverse('my_appointments')}?done=2"
    assert sorted(Appointment.objects.values_list("dose", "slot_id")) == [(1, first.pk), (2, second.pk)]


def test_nothing_of_the_way_is_a_secret_in_an_address(visitor, citizen, patient, check) -> None:
    assert patient.document_number not in check
    assert str(citizen.phone) not in check
    assert patient.name not in check


def test_the_page_costs_two_statements(visitor, check) -> None:
    assert len(visitor.statements(check)) == 2


def test_confirming_costs_two_statements_beside_those_of_booking(visitor, citizen, check) -> None:
    visitor.get(check)

    with CaptureQueriesContext(connection) as seen:
        visitor.post(check)

    pages = [
        query["sql"] for query in seen if "accounts_user" in query["sql"] or "p.removed_at IS NULL" in query["sql"]
    ]
    assert len(seen) - len(pages) <= 4
    assert len(seen) <= 6


def test_the_page_is_complete_in_english(citizen, check) -> None:
    text = text_of(Visitor(citizen, "en").get(check)).replace("王秀兰", "").replace("中文", "")

    assert not any("\u4e00" <= character <= "\u9fff" for character in text), text
