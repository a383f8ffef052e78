"""Steps 1 and 2: for whom, and which vaccine."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Patient
from booking.models import Appointment
from booking.web.dates import month_day
from tests.factories import make_citizen, make_patient, make_programme, make_site, make_slot
from tests.web.journey.conftest import Visitor, at, books, ids, released, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def what(*patients):
    return reverse("book_what", args=[ids(*patients)])


def test_who_is_not_signed_in_signs_in_and_comes_back() -> None:
    response = Visitor().get(reverse("book_who"))

    assert response.status_code == 302
    assert response["Location"] == "/sign-in/?next=/book/"


def test_each_patient_is_a_row_with_what_is_booked_for_them(visitor, patient, slots) -> None:
    books(patient, slots[0])

    response = visitor.get(reverse("book_who"))

    assert f'href="{what(patient)}"' in response.content.decode()
    assert "王秀兰父母" in text_of(response).replace(" ", "")
    assert "已约 流感疫苗接种，明天" in text_of(response)
    assert "no-store" in response["Cache-Control"]


def test_somebody_can_be_added_on_the_way(visitor) -> None:
    response = visitor.get(reverse("book_who"))

    assert f'href="{reverse("add_person")}?next=%2Fbook%2F"' in response.content.decode()


def test_without_patients_the_page_says_to_add_one() -> None:
    response = Visitor(make_citizen()).get(reverse("book_who"))

    assert "还没有接种人，先加一位" in text_of(response)
    assert reverse("add_person") in response.content.decode()


def test_a_family_of_one_is_still_asked_who_but_not_about_groups(visitor) -> None:
    response = visitor.get(reverse("book_who"))

    assert "王秀兰" in text_of(response)
    assert "为几个人一起约" not in text_of(response)


def test_up_to_four_go_on_together(visitor, citizen, patient) -> None:
    child = make_patient(citizen, name="小明", relation="child")

    response = visitor.get(reverse("book_who"), patient=[str(patient.pk), str(child.pk)], together="1")

    assert response["Location"] == what(patient, child)


def test_five_together_are_told_the_limit_and_keep_their_ticks(visitor, citizen) -> None:
    five = [str(make_patient(citizen).pk) for _ in range(5)]

    response = visitor.get(reverse("book_who"), patient=five, together="1")

    assert "一次最多为 4 人一起约，您选了 5 人。" in text_of(response)
    assert response.content.decode().count(" checked") == 5


def test_nobody_ticked_is_told_to_tick(visitor, citizen) -> None:
    make_patient(citizen)

    assert "请先勾选要一起约的人" in text_of(visitor.get(reverse("book_who"), together="1"))


@pytest.mark.parametrize("address", ["nobody", "11111111-1111-4111-8111-111111111111", ""])
def test_patients_of_nobody_are_not_found(visitor, address) -> None:
    assert visitor.get(f"/book/{address or 'x'}/").status_code == 404


def test_somebody_elses_patient_is_not_found(visitor) -> None:
    assert visitor.get(what(make_patient())).status_code == 404


def test_a_removed_patient_is_not_found(visitor, patient) -> None:
    Patient.objects.update(removed_at=timezone.now())

    assert visitor.get(what(patient)).status_code == 404


def test_the_same_patient_twice_and_five_patients_are_not_found(visitor, citizen, patient) -> None:
    five = [make_patient(citizen) for _ in range(5)]

    assert visitor.get(what(patient, patient)).status_code == 404
    assert visitor.get(what(*five)).status_code == 404


def test_who_may_book_is_told_the_dose_and_goes_on(visitor, patient, programme) -> None:
    response = visitor.get(what(patient))

    assert "可以约 共 1 剂" in text_of(response)
    assert reverse("book_where", args=[ids(patient), programme.code]) in response.content.decode()


def test_who_is_too_old_is_told_so_and_what_to_do(visitor, citizen) -> None:
    old = make_patient(citizen, birth_date=date(1950, 1, 1))
    programme = make_programme(max_age=45)

    response = visitor.get(what(old))

    assert "超过了这种疫苗的年龄。请向接种点的医生咨询。" in text_of(response)
    assert reverse("book_where", args=[ids(old), programme.code]) not in response.content.decode()


def given(patient, programme, days_ago: int) -> None:
    slot = make_slot(make_site(), programme, starts_at=timezone.now() - timedelta(days=days_ago))
    Appointment.objects.create(
        reference=f"{uuid.uuid4().int % 10**12:012}",
        slot=slot,
        place=1,
        patient=patient,
        person=patient.person,
        programme=programme,
        dose=1,
        status="FULFILLED",
        booked_by=patient.user,
        booked_at=slot.starts_at,
        request_key=uuid.uuid4().hex,
        request_digest="",
        claim=uuid.uuid4().hex,
    )


def test_the_second_dose_is_worked_out_and_offered_from_its_day_on(visitor, patient) -> None:
    programme = make_programme(doses=2, intervals=[28])
    given(patient, programme, days_ago=20)

    response = visitor.get(what(patient))

    assert f"{month_day(timezone.localdate() + timedelta(days=8))} 起可以约 第 2 剂，共 2 剂" in text_of(response)
    assert reverse("book_where", args=[ids(patient), programme.code]) in response.content.decode()


def test_a_dose_that_is_due_after_the_window_says_from_when(visitor, patient) -> None:
    programme = make_programme(doses=2, intervals=[180])
    given(patient, programme, days_ago=10)

    response = visitor.get(what(patient))

    assert "起可以约，与上一剂要隔够天数" in text_of(response)
    assert reverse("book_where", args=[ids(patient), programme.code]) not in response.content.decode()


def test_what_is_booked_already_leads_to_that_appointment(visitor, patient, slots) -> None:
    facts = books(patient, slots[0])

    response = visitor.get(what(patient))

    assert "已约 明天" in text_of(response)
    assert reverse("appointment", args=[facts.reference]) in response.content.decode()


def test_what_another_account_booked_for_the_person_is_told_without_its_reference(visitor, patient, slots) -> None:
    elsewhere = make_patient(person=patient.person)
    facts = books(elsewhere, slots[0])

    response = visitor.get(what(patient))

    assert "已约 明天" in text_of(response)
    assert facts.reference not in response.content.decode()


def test_of_several_each_gets_an_answer_and_those_who_may_go_on(visitor, citizen, patient, programme) -> None:
    baby = make_patient(citizen, name="小宝", birth_date=timezone.localdate() - timedelta(days=400))

    response = visitor.get(what(patient, baby))

    assert "只为王秀兰约" in text_of(response)
    assert f'href="{reverse("book_where", args=[ids(patient), programme.code])}"' in response.content.decode()


def test_the_health_question_is_a_hint_and_no_barrier(visitor, patient, programme) -> None:
    page = visitor.get(what(patient)).content.decode()

    assert "<details" in page
    assert "<form" not in page


def test_an_appointment_of_a_slot_that_is_far_away_does_not_hide_the_person(visitor, patient, programme) -> None:
    books(patient, make_slot(make_site(), programme, starts_at=at(60, 9), opens_at=released()))

    assert "已约" in text_of(visitor.get(what(patient)))


@pytest.mark.parametrize("page", ["who", "what"])
def test_a_step_costs_two_statements_the_account_and_its_people(visitor, patient, slots, page) -> None:
    books(patient, slots[0])
    address = reverse("book_who") if page == "who" else what(patient)

    assert len(visitor.statements(address)) == 2


def test_the_page_is_complete_in_english(citizen, patient, programme) -> None:
    visitor = Visitor(citizen, "en")

    for address in (reverse("book_who"), what(patient)):
        text = text_of(visitor.get(address)).replace("王秀兰", "").replace("中文", "")
        assert not any("\u4e00" <= character <= "\u9fff" for character in text), text


def test_a_site_chosen_on_its_own_page_is_not_asked_for_again(visitor, citizen, patient, now) -> None:
    site, programme = make_site(code="OWNPAGE"), make_programme(code="own-page")
    make_slot(site, programme)

    who = visitor.get(f"{reverse('book_who')}?site={site.code}").content.decode()
    what = visitor.get(f"{reverse('book_what', args=[patient.pk])}?site={site.code}").content.decode()

    assert f"{reverse('book_what', args=[patient.pk])}?site={site.code}" in who
    assert f'href="{reverse("book_when", args=[patient.pk, programme.code, site.code])}"' in what
