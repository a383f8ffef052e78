"""The page of one appointment, in every state."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Patient
from booking.models import Appointment, Programme
from booking.queries.qr_codes import qr_payload, reference_in
from tests.factories import make_citizen, make_programme
from tests.web.appointments.pictures import digits_in, svg_in

pytestmark = pytest.mark.django_db(transaction=True)


def page(signed_in, row, **query):
    response = signed_in.get(f"/appointments/{row.reference}/", query)
    assert response.status_code == 200
    return response.content.decode()


def test_right_after_booking_it_says_so_and_where_the_text_went(signed_in, citizen, booked):
    row = booked()
    citizen.phone = "+8613812346621"
    citizen.save()

    text = page(signed_in, row, done="1")

    assert "预约成功" in text
    assert "短信已发到 138****6621。" in text
    assert "<title>预约成功 · 疫苗预约</title>" in text


def test_an_account_without_a_phone_is_not_told_of_a_text(signed_in, citizen, booked):
    row = booked()
    citizen.phone = None
    citizen.save()

    assert "短信" not in page(signed_in, row, done="1")


def test_it_shows_who_what_when_and_where(signed_in, booked):
    text = page(signed_in, booked(name="望月湖社区卫生服务中心"))

    for said in ("王秀兰", "护照尾号 5678", "流感疫苗 第 1 剂", "11 月 26 日 周四", "10:00–10:30"):
        assert said in text
    for said in ("望月湖社区卫生服务中心", "桃子湖路 88 号", "0731-88880000", "要带的东西", "护照原件"):
        assert said in text


def test_the_document_number_and_the_phone_are_nowhere_on_it(signed_in, citizen, booked):
    text = page(signed_in, booked(), done="1")

    assert "E12345678" not in text
    assert citizen.phone not in text
    assert citizen.phone[3:] not in text


def test_a_decoder_reads_the_23_digits_from_the_page(signed_in, booked):
    row = booked()

    read = digits_in(svg_in(page(signed_in, row)))

    assert len(read) == 23
    assert read == qr_payload(row.reference)
    assert reference_in(read) == row.reference


def test_the_code_with_any_one_digit_changed_is_not_ours(booked):
    code = qr_payload(booked().reference)

    for position in range(23):
        for digit in set("0123456789") - {code[position]}:
            assert reference_in(code[:position] + digit + code[position + 1 :]) is None, position


def test_the_number_stands_below_the_code_in_groups_of_four(signed_in, booked):
    row = booked()

    assert f"{row.reference[:4]} {row.reference[4:8]} {row.reference[8:]}" in page(signed_in, row)


@pytest.mark.parametrize(
    ("status", "days", "said"),
    [
        ("BOOKED", -1, ["时间过了", "重新预约"]),
        ("CHECKED_IN", 0, ["已签到", "请在候诊区等叫号"]),
        ("FULFILLED", -1, ["已接种", "看接种记录"]),
        ("CANCELLED", 2, ["已取消", "重新预约"]),
        ("CHECKED_IN", -1, ["已签到，没有接种", "打电话"]),
        ("NO_SHOW", -1, ["未到", "重新预约"]),
    ],
)
def test_what_is_not_to_come_shows_its_state_and_what_to_do_and_no_code(signed_in, booked, now, status, days, said):
    row = booked(starts_at=now + timedelta(days=days), status=status)

    text = page(signed_in, row, done="1")

    for words in said:
        assert words in text
    for words in ('role="img"', "预约成功", "加入日历", "改个时间", "取消预约"):
        assert words not in text
    assert row.reference[:4] in text


def test_who_is_late_still_has_the_code_but_can_change_nothing(signed_in, booked, now):
    row = booked(starts_at=now - timedelta(minutes=80))

    text = page(signed_in, row)

    assert 'role="img"' in text
    assert f"/appointments/{row.reference}/cancel/" not in text
    assert f"/appointments/{row.reference}/move/" not in text
    assert "请打电话" in text


def test_an_hour_after_the_end_the_code_is_gone(signed_in, booked, now):
    assert 'role="img"' not in page(signed_in, booked(starts_at=now - timedelta(minutes=90)))


def test_whoever_has_moved_twice_is_shown_cancelling_only(signed_in, booked):
    row = booked()
    Appointment.objects.filter(pk=row.pk).update(moves=2)

    text = page(signed_in, row)

    assert f"/appointments/{row.reference}/move/" not in text
    assert text.count(f"/appointments/{row.reference}/cancel/") == 2
    assert "还可以改 0 次时间。" in text


def test_a_first_dose_says_from_when_the_second_can_be_booked(signed_in, booked):
    programme = make_programme(doses=2, intervals=[28])

    assert "第 2 剂从 2026 年 12 月 24 日起可以约。" in page(signed_in, booked(programme=programme))


def test_a_last_dose_does_not(signed_in, booked):
    programme = make_programme(doses=2, intervals=[28])
    row = booked(programme=programme)
    Appointment.objects.filter(pk=row.pk).update(dose=2)

    assert "起可以约" not in page(signed_in, row)
    assert Programme.objects.get().doses == 2


def test_a_child_brings_the_booklet_and_a_guardian(signed_in, booked, patient):
    row = booked()
    Patient.objects.update(birth_date="2020-05-05", document_type="birth_certificate")

    text = page(signed_in, row)

    for said in ("出生医学证明原件", "一定要带", "监护人陪同"):
        assert said in text


def test_the_way_there_is_a_link_in_the_coordinates_of_chinese_maps(signed_in, booked):
    text = page(signed_in, booked(longitude=116.404, latitude=39.915))

    assert "https://uri.amap.com/marker?position=116.410244%2C39.916404&amp;name=" in text


def test_in_english_site_and_vaccine_have_their_english_names(signed_in, booked):
    signed_in.cookies["django_language"] = "en"

    text = page(signed_in, booked(name="望月湖中心", name_en="Wangyue Lake Centre"), done="1")

    for said in (
        "We sent a text to",
        "Wangyue Lake Centre",
        "Influenza vaccine dose 1",
        "Thu 26 Nov",
        "Passport ending in",
    ):
        assert said in text
    # What is copied for a taxi driver stays Chinese; nothing that is read does.
    assert "望月湖" not in re.sub(r"<[^>]*>", "", text)


def test_the_calendar_file_has_two_alarms_a_steady_uid_and_says_little(signed_in, booked, now):
    row = booked()

    response = signed_in.get(f"/appointments/{row.reference}/calendar.ics")

    text = response.content.decode()
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert f'filename="{row.reference}.ics"' in response["Content-Disposition"]
    assert f"UID:{row.reference}@vaccine-booking" in text
    assert "DTSTART:20261126T020000Z" in text
    assert "SUMMARY:接种疫苗\r\n" in text
    # 18:00 the evening before 10:00 is sixteen hours before.
    assert [line for line in text.splitlines() if line.startswith("TRIGGER")] == ["TRIGGER:-PT16H", "TRIGGER:-PT2H"]
    assert "流感" not in text
    assert "王" not in text


def test_somebody_elses_appointment_does_not_exist(booked):
    row = booked()
    stranger = Client()
    stranger.force_login(make_citizen())
    nobodys = "100000000007"

    for what in ("", "calendar.ics", "cancel/"):
        theirs = stranger.get(f"/appointments/{row.reference}/{what}")
        none = stranger.get(f"/appointments/{nobodys}/{what}")
        assert theirs.status_code == none.status_code == 404
    for what in ("cancel/", "restore/"):
        assert stranger.post(f"/appointments/{row.reference}/{what}").status_code == 404
    assert Appointment.objects.get().status == "BOOKED"


def test_without_an_account_the_way_leads_to_signing_in_and_back(booked):
    row = booked()

    response = Client().get(f"/appointments/{row.reference}/")

    assert (response.status_code, response["Location"]) == (302, f"/sign-in/?next=/appointments/{row.reference}/")


def test_nothing_of_it_is_kept_by_browser_or_proxy(signed_in, booked):
    row = booked()

    for address in (
        "/appointments/",
        "/appointments/?group=past",
        f"/appointments/{row.reference}/",
        f"/appointments/{row.reference}/cancel/",
        f"/appointments/{row.reference}/calendar.ics",
        "/look-up/",
    ):
        header = signed_in.get(address)["Cache-Control"]
        assert "no-store" in header, address
        assert "private" in header, address


def test_the_page_takes_one_statement_beside_the_account(signed_in, booked):
    row = booked()
    page(signed_in, row)  # the session is in the cache now

    with CaptureQueriesContext(connection) as sent:
        page(signed_in, row)

    assert len(sent) == 2
