"""Records, everything that is held, and who looked: one's own, all of it, and nobody else's."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts import look_ups
from accounts.models import LookUp, Patient, User
from accounts.patients import remove_patient
from accounts.preferences import apply_settings
from booking.models import Appointment
from booking.operations.book import book
from booking.queries.my_data import my_data
from booking.queries.records import records_of
from tests.factories import make_citizen, make_patient, make_slot, make_token

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = timedelta(days=30)


def given(patient, now, **slot):
    """A dose that the patient has received."""
    facts = book(
        account_id=patient.user_id,
        patient_id=patient.pk,
        slot_id=make_slot(**slot).pk,
        request_key=f"given-{Appointment.objects.count():04}",
        now=now,
    )
    Appointment.objects.filter(reference=facts.reference).update(status="FULFILLED")
    return facts


# --- Records ----------------------------------------------------------------------------------------------------------


def test_records_are_shown_by_person_and_appointments_that_are_not_doses_are_not(signed_in, now):
    mother = make_patient()
    dose = given(mother, now)
    father = make_patient(mother.user, name="李建国")
    book(account_id=father.user_id, patient_id=father.pk, slot_id=make_slot().pk, request_key="ahead-001", now=now)
    browser = signed_in(mother.user)

    page = browser.get("/me/records/").content.decode()
    slip = browser.get(f"/me/records/{mother.pk}/")

    assert page.count("第 1 剂") == 1
    assert dose.reference in page
    assert "批号" not in page
    assert "no-store" in slip["Cache-Control"]
    assert mother.document_number not in slip.content.decode()
    assert mother.document_number[-4:] in slip.content.decode()


def test_without_any_record_the_page_says_what_will_be_there(signed_in):
    page = signed_in(make_patient().user).get("/me/records/").content.decode()

    assert "还没有接种记录。打完以后" in page


def test_records_stay_after_a_removal_and_belong_to_the_person_when_added_again(now):
    mother = make_patient()
    dose = given(mother, now)
    remove_patient(user_id=mother.user_id, patient_id=mother.pk, now=now)

    gone = records_of(mother.user_id)
    again = make_patient(mother.user, person=mother.person)

    assert [(one.patient_id, len(one.doses)) for one in gone] == [(None, 1)]
    assert [(one.patient_id, one.doses[0].appointment.reference) for one in records_of(mother.user_id)] == [
        (again.pk, dose.reference)
    ]


def test_another_account_with_the_same_person_sees_none_of_it(signed_in, now):
    mother, son = make_patient(), make_citizen()
    given(mother, now)
    make_patient(son, person=mother.person)
    look_ups.opened(what=f"accounts.patient {mother.pk}", person=mother.person, by=make_citizen(), now=now)

    held = my_data(son.pk)

    assert (held.records, held.appointments, held.looks) == ([], [], [])


def test_the_api_lists_the_doses_as_its_schema_says(now):
    mother = make_patient()
    dose = given(mother, now)
    headers = {"Authorization": f"Bearer {make_token(mother.user, timezone.now())}", "Accept-Language": "en"}

    answer = Client().get("/api/v1/records", headers=headers)

    assert answer.json()["next"] is None
    record = answer.json()["results"][0]
    assert (record["reference"], record["dose"], record["batch"]) == (dose.reference, 1, "")
    assert record["vaccine_name"] == "Influenza vaccine"
    assert record["given_on"] == dose.starts_at.date().isoformat()
    assert record["patient"] == {"id": str(mother.pk), "name_masked": "王*兰"}
    assert record["site"]["code"] == dose.site.code
    assert Client().get("/api/v1/records").status_code == 401


def test_records_cost_four_statements_beside_the_session(signed_in, now, django_assert_num_queries):
    mother = make_patient()
    for _ in range(3):
        given(mother, now)
    browser = signed_in(mother.user)
    browser.get("/me/records/")

    with django_assert_num_queries(1 + 4):
        browser.get("/me/records/")


# --- Everything that is held ------------------------------------------------------------------------------------------


@pytest.fixture
def family(now):
    """A citizen with a dose, an appointment ahead, a removed person and a look."""
    citizen = make_citizen(phone="+8613812346621")
    mother = make_patient(citizen, document_number="E1234567", phone="+8613900001111")
    given(mother, now)
    book(account_id=citizen.pk, patient_id=mother.pk, slot_id=make_slot().pk, request_key="ahead-001", now=now)
    gone = make_patient(citizen, name="=HYPERLINK(1)")
    remove_patient(user_id=citizen.pk, patient_id=gone.pk, now=now)
    Patient.objects.update(added_at=now - BEFORE)
    look_ups.opened(what=f"accounts.patient {mother.pk}", person=mother.person, by=make_citizen(), now=now)
    return citizen


def test_the_json_holds_everything_and_no_whole_number(signed_in, family):
    answer = signed_in(family).get("/me/data/my-data.json")
    data = json.loads(answer.content)

    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert "no-store" in answer["Cache-Control"]
    assert {name: len(rows) for name, rows in data.items() if name != "made_at"} == {
        "account": 1,
        "patients": 2,
        "appointments": 2,
        "records": 1,
        "health": 0,
        "looks": 1,
        "messages": 2,
        "waitlist": 0,
        "offers": 0,
        "draws": 0,
    }
    assert data["account"][0]["phone"] == "138****6621"
    assert "****4567" in {one["document_number"] for one in data["patients"]}
    for whole in ("E1234567", "13812346621", "13900001111"):
        assert whole not in answer.content.decode()


def test_the_zip_can_be_read_by_people_and_no_cell_is_a_formula(signed_in, family):
    answer = signed_in(family).get("/me/data/my-data.zip")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        names = set(files.namelist())
        page = files.read("my-data.html").decode()
        patients = list(csv.reader(io.StringIO(files.read("patients.csv").decode("utf-8-sig"))))
    tables = {
        "account",
        "patients",
        "appointments",
        "records",
        "health",
        "looks",
        "messages",
        "waitlist",
        "offers",
        "draws",
    }
    assert names == {"my-data.html", "my-data.json", *(f"{name}.csv" for name in tables)}
    assert "王秀兰" in page
    assert "<script" not in page
    assert {row[0] for row in patients} == {"姓名", "王秀兰", "'=HYPERLINK(1)"}


def test_the_page_shows_what_is_held_masked(signed_in, family):
    page = signed_in(family).get("/me/data/").content.decode()

    assert "138****6621" in page
    assert "****4567" in page
    assert "E1234567" not in page


# --- Who looked -------------------------------------------------------------------------------------------------------


def test_looks_are_shown_with_time_kind_of_staff_and_reason_and_never_by_name(signed_in, now):
    citizen = make_citizen(phone="+8613812346621")
    mother = make_patient(citizen)
    Patient.objects.update(added_at=now - BEFORE)
    chief = User.objects.create(username="chief-zhao", is_staff=True, first_name="赵")
    look_ups.find_account(phone=str(citizen.phone), by=chief, reason="本人来电改预约", now=now)
    desk = User.objects.create(username="desk-qian")
    LookUp.objects.create(kind="SEARCHED", by=desk, at=now, person=mother.person, reason="现场登记")

    page = signed_in(citizen).get("/me/looks/").content.decode()

    assert page.count('<li class="card">') == 2
    for words in (
        "管理人员",
        "接种点工作人员",
        "本人来电改预约",
        "现场登记",
        "您的账号",
        "王秀兰",
        "2026 年 11 月 24 日 周二 10:00",
    ):
        assert words in page
    for name in ("chief-zhao", "desk-qian", "赵"):
        assert name not in page


def test_a_search_before_the_person_was_added_and_what_was_opened_of_others_are_not_told(signed_in, now):
    owner, stranger = make_patient(), make_citizen()
    booked = book(
        account_id=owner.user_id, patient_id=owner.pk, slot_id=make_slot().pk, request_key="request-1", now=now
    )
    number = Appointment.objects.get(reference=booked.reference).pk
    staff = make_citizen()
    LookUp.objects.create(kind="SEARCHED", by=staff, at=now - BEFORE, person=owner.person, reason="以前查的")
    LookUp.objects.create(kind="OPENED", by=staff, at=now, person=owner.person, what=f"booking.appointment {number}")
    make_patient(stranger, person=owner.person)

    assert "还没有人查看过" in signed_in(stranger).get("/me/looks/").content.decode()
    assert "打开详情" in signed_in(owner.user).get("/me/looks/").content.decode()


def test_who_looked_costs_at_most_three_statements_beside_the_session(signed_in, now, django_assert_num_queries):
    mother = make_patient()
    Patient.objects.update(added_at=now - BEFORE)
    for number in range(5):
        what = f"booking.appointment {number}"
        LookUp.objects.create(kind="OPENED", by=make_citizen(), at=now, person=mother.person, what=what)
    browser = signed_in(mother.user)
    browser.get("/me/looks/")

    with django_assert_num_queries(1 + 3):
        browser.get("/me/looks/")


# --- Settings ---------------------------------------------------------------------------------------------------------


def test_the_text_size_holds_here_at_once_and_elsewhere_from_the_next_sign_in(signed_in):
    citizen = make_citizen()
    browser, elsewhere, untouched = signed_in(citizen), HttpResponse(), HttpResponse()
    apply_settings(untouched, citizen)

    page = browser.post("/me/settings/", {"text_size": "largest"}, follow=True).content.decode()
    citizen.refresh_from_db()
    apply_settings(elsewhere, citizen)

    assert 'data-size="largest"' in page
    assert "字号已改好。" in page
    assert elsewhere.cookies["text_size"].value == "largest"
    assert "text_size" not in untouched.cookies
    assert "请选择一种字号。" in browser.post("/me/settings/", {"text_size": "huge"}).content.decode()


def test_signing_out_everywhere_asks_first_and_ends_every_session(signed_in):
    citizen = make_citizen()
    here, elsewhere, other = signed_in(citizen), signed_in(citizen), signed_in(make_citizen())

    assert here.get("/me/sign-out-everywhere/").status_code == 200
    assert elsewhere.get("/me/settings/").status_code == 200
    here.post("/me/sign-out-everywhere/")

    assert here.get("/me/settings/").status_code == 302
    assert elsewhere.get("/me/settings/").status_code == 302
    assert other.get("/me/settings/").status_code == 200
