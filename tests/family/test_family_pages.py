"""The pages of whom a citizen books for: nothing typed twice, nobody else's seen, nothing lost by a slip."""

import html
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Patient
from tests.factories import make_citizen, make_district, make_patient, make_resident_id

pytestmark = pytest.mark.django_db


def filled_in(**more):
    return {
        "document_type": "resident_id",
        "document_number": make_resident_id(),
        "name": "王秀兰",
        "relation": "parent",
        "district_code": "",
        "phone": "",
        **more,
    }


def text_of(page):
    return html.unescape(page.content.decode())


def test_a_person_is_added_and_listed_with_the_end_of_the_number_only(signed_in):
    citizen, number = make_citizen(), make_resident_id("19600229", "003")
    browser = signed_in(citizen)

    listed = browser.post("/family/add/", filled_in(document_number=number, phone="138 1234 6621"), follow=True)

    person = Patient.objects.get(user=citizen)
    assert (person.birth_date.isoformat(), person.sex, person.phone) == ("1960-02-29", "M", "+8613812346621")
    assert person.consented_at is None
    page = text_of(listed)
    assert "已添加 王秀兰。" in page
    assert f"尾号 {number[-4:]}" in page
    assert number not in page
    assert "no-store" in listed["Cache-Control"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"document_number": make_resident_id()[:-1]}, "身份证号应为 18 位，您填了 17 位。"),
        ({"document_number": ""}, "请填写证件号码。"),
        ({"document_number": "4" * 41}, "号码太长了，请核对。"),
        ({"name": ""}, "请填写姓名。"),
        ({"name": "x" * 81}, "太长了，最多 80 个字。"),
        ({"relation": ""}, "请选择是您的什么人。"),
        ({"phone": "12"}, "请填写能收短信的手机号"),
        ({"birth_date": "19910101"}, "出生日期与身份证号不一致，请核对。"),
        ({"birth_date": "19900230"}, "没有这一天。请填 8 位数字，例如 19900131。"),
        ({"sex": "M"}, "性别与身份证号不一致，请核对。"),
        ({"document_type": "passport", "document_number": "E1234567", "name": "ZHANG WEI"}, "请填写出生日期。"),
        ({"document_type": "passport", "document_number": "E1234567", "name": "ZHANG WEI"}, "请选择性别。"),
        ({"document_type": "passport", "document_number": "E1234567"}, "请照护照填写字母，例如 ZHANG WEI。"),
        ({"document_type": "passport", "document_number": "E12", "name": "ZHANG WEI"}, "护照号应为 5 到 12 位"),
        ({"document_number": make_resident_id("20201001")}, "不满 14 周岁，要监护人同意才能添加。"),
    ],
)
def test_each_mistake_is_named_and_everything_typed_is_kept(signed_in, change, words):
    typed = filled_in(**{"phone": "13812346621", **change})

    page = signed_in(make_citizen()).post("/family/add/", typed)

    text = text_of(page)
    assert words in text
    assert "<title>有错误：" in text
    assert 'id="errors"' in text
    for field in ("document_number", "name", "phone"):
        if typed[field]:
            assert f'value="{typed[field]}"' in text
    assert Patient.objects.count() == 0


def test_several_mistakes_are_named_at_once_and_each_links_to_its_field(signed_in):
    page = text_of(signed_in(make_citizen()).post("/family/add/", filled_in(document_number="1", relation="")))

    assert "有 2 处要改" in page
    assert 'href="#id_document_number"' in page
    assert 'href="#id_relation"' in page
    assert 'id="id_relation"' in page


@pytest.mark.parametrize("written", ["19900131", "1990-01-31", "1990/1/31", "1990年1月31日", "１９９００１３１"])
def test_a_passport_gets_capitals_and_its_birth_date_however_it_is_written(signed_in, written):
    citizen = make_citizen()

    signed_in(citizen).post(
        "/family/add/",
        filled_in(document_type="passport", document_number="e1234567", name="zhang wei", birth_date=written, sex="F"),
    )

    person = Patient.objects.get(user=citizen)
    assert (person.name, person.document_number) == ("ZHANG WEI", "E1234567")
    assert person.birth_date.isoformat() == "1990-01-31"


def test_for_a_child_a_guardian_agrees_and_when_and_who_is_kept(signed_in):
    citizen, before = make_citizen(), timezone.now()
    child = filled_in(document_number=make_resident_id("20201001"), relation="child", guardian_consent="on")

    signed_in(citizen).post("/family/add/", child)

    person = Patient.objects.get(user=citizen)
    assert before <= person.consented_at <= timezone.now()
    assert person.consented_by == citizen


def test_adding_returns_where_the_citizen_came_from_but_to_no_other_site(signed_in):
    browser = signed_in(make_citizen())

    form = text_of(browser.get("/family/add/?next=/book/"))
    there = browser.post("/family/add/", filled_in(next="/book/"))
    elsewhere = browser.post(
        "/family/add/", filled_in(next="https://elsewhere.example/", document_number=make_resident_id(serial="004"))
    )

    assert 'name="next" value="/book/"' in form
    assert there["Location"] == "/book/"
    assert elsewhere["Location"].startswith("/family/?added=")


def test_the_same_person_twice_and_the_seventh_are_refused_in_words(signed_in):
    citizen = make_citizen()
    browser = signed_in(citizen)
    browser.post("/family/add/", filled_in())

    twice = text_of(browser.post("/family/add/", filled_in()))
    for _ in range(5):
        make_patient(citizen)
    seventh = text_of(browser.post("/family/add/", filled_in(document_number=make_resident_id(serial="004"))))

    assert "这位家人已经在您的名单里" in twice
    assert "最多添加 6 位。请先移除一位。" in seventh
    assert Patient.objects.filter(user=citizen).count() == 6
    assert "名单已满 6 位" in text_of(browser.get("/family/"))


def test_nobody_learns_that_another_account_has_the_same_person(signed_in):
    daughter, son = make_citizen(), make_citizen()
    signed_in(daughter).post("/family/add/", filled_in())

    answer = signed_in(son).post("/family/add/", filled_in(name="妈"))

    assert answer.status_code == 302
    assert [row.name for row in Patient.objects.filter(user=son)] == ["妈"]
    assert len({row.person for row in Patient.objects.all()}) == 1


def test_name_relation_district_and_phone_are_changed_and_the_number_never(signed_in):
    citizen = make_citizen()
    district = make_district()
    person = make_patient(citizen, document_type="resident_id", phone="+8613812346621")
    browser, page = signed_in(citizen), f"/family/{person.pk}/"

    shown = text_of(browser.get(page))
    browser.post(page, {"name": "王兰", "relation": "spouse", "district_code": district.code, "document_number": "X"})
    kept = Patient.objects.get(pk=person.pk)
    browser.post(page, {"name": "王兰", "relation": "spouse", "district_code": "", "forget_phone": "on"})

    assert "138****6621" in shown
    assert "13812346621" not in shown
    assert (kept.name, kept.relation, kept.district_code, kept.phone) == (
        "王兰",
        "spouse",
        district.code,
        "+8613812346621",
    )
    assert kept.document_number == person.document_number
    assert Patient.objects.get(pk=person.pk).phone is None


def test_an_edit_with_mistakes_changes_nothing(signed_in):
    person = make_patient(phone=None)

    page = text_of(
        signed_in(person.user).post(f"/family/{person.pk}/", {"name": "", "relation": "boss", "phone": "12"})
    )

    assert "有 3 处要改" in page
    assert Patient.objects.get(pk=person.pk).name == person.name


def test_removing_asks_first_and_can_be_undone_for_ten_minutes(signed_in, time_machine_at):
    person = make_patient()
    browser = signed_in(person.user)

    asked = browser.get(f"/family/{person.pk}/remove/")
    assert Patient.objects.get(pk=person.pk).removed_at is None
    removed = text_of(browser.post(f"/family/{person.pk}/remove/", follow=True))
    restored = text_of(browser.post(f"/family/{person.pk}/restore/", follow=True))

    assert "确认移除" in text_of(asked)
    assert "已移除 王秀兰。移错了？10 分钟内可以恢复。" in removed
    assert "王秀兰 已回到名单里。" in restored
    assert Patient.objects.get(pk=person.pk).removed_at is None

    browser.post(f"/family/{person.pk}/remove/")
    with time_machine_at(timezone.now() + timedelta(minutes=11)):
        assert "移错了" not in text_of(browser.get("/family/"))
        assert browser.post(f"/family/{person.pk}/restore/").status_code == 404


def test_an_undo_that_meets_a_full_list_or_the_same_person_again_says_so(signed_in):
    citizen = make_citizen()
    browser = signed_in(citizen)
    browser.post("/family/add/", filled_in())
    first = Patient.objects.get(user=citizen)
    browser.post(f"/family/{first.pk}/remove/")
    browser.post("/family/add/", filled_in())

    there_again = browser.post(f"/family/{first.pk}/restore/")
    assert Patient.objects.get(user=citizen, removed_at=None).pk != first.pk
    assert there_again["Location"] == f"/family/?restored={Patient.objects.get(user=citizen, removed_at=None).pk}"

    gone = make_patient(citizen)
    browser.post(f"/family/{gone.pk}/remove/")
    for _ in range(5):
        make_patient(citizen)
    assert "名单已满 6 位，没有恢复" in text_of(browser.post(f"/family/{gone.pk}/restore/", follow=True))


def test_others_and_nobody_are_not_found_and_nothing_happens_to_them(signed_in):
    theirs, browser = make_patient(), signed_in(make_citizen())

    for patient_id in (theirs.pk, uuid.uuid4()):
        for page in ("", "remove/", "restore/"):
            assert browser.post(f"/family/{patient_id}/{page}", {"name": "X"}).status_code == 404
        assert browser.get(f"/family/{patient_id}/").status_code == 404
        assert browser.get(f"/me/hand-over/{patient_id}/").status_code == 404
        assert browser.get(f"/me/records/{patient_id}/").status_code == 404
    theirs.refresh_from_db()
    assert (theirs.name, theirs.removed_at) == ("王秀兰", None)
    assert "王秀兰" not in text_of(browser.get(f"/family/?added={theirs.pk}"))


def test_whoever_has_not_signed_in_is_sent_to_sign_in_and_forms_need_their_token(client):
    person = make_patient()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person.user)

    for page in (
        "/family/",
        "/family/add/",
        f"/family/{person.pk}/",
        "/me/data/",
        "/me/data/my-data.json",
        "/me/looks/",
    ):
        assert client.get(page)["Location"].startswith("/sign-in/?next=")
    assert strict.post(f"/family/{person.pk}/remove/").status_code == 403


def test_the_list_costs_three_statements_beside_the_session(signed_in, django_assert_num_queries):
    citizen = make_citizen()
    for _ in range(6):
        make_patient(citizen)
    browser = signed_in(citizen)
    browser.get("/family/")

    # One of them is the account.
    with django_assert_num_queries(1 + 3):
        browser.get("/family/")
