"""The texts of messages in the admin: looked at, tried on a sample, saved with a trace, and given back."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from booking.models import MessageTemplate
from booking.notifications.texts import system_text
from booking.rules.message_texts import length_of, problems_with
from sites.models import AdminRole
from tests.factories import make_administrator, sign_in

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/booking/messagetemplate/BOOKED/zh-hans/"
OWN = "【长沙疫苗】约好了：{name} {starts_at} {site}，预约号 {reference}。"


@pytest.fixture
def city(client):
    sign_in(client, make_administrator(AdminRole.CITY))
    return client


def fields(client, text, **pressed):
    page = client.get(ADDRESS)
    return {"text": text, "seen": page.context["form"].initial["seen"], **pressed}


def test_every_kind_is_listed_with_its_text_and_its_length(city):
    page = city.get(reverse("admin:booking_messagetemplate_changelist")).content.decode()

    assert page.count("系统正文") >= 30
    assert "【长沙疫苗】预约成功：{name} {programme}" in page
    assert "前一天提醒" in page


def test_a_preview_shows_the_sample_and_saves_nothing(city):
    page = city.post(ADDRESS, fields(city, OWN, preview="1")).content.decode()

    assert "约好了：欧**娜 12月24日 10:30 芙蓉区东湖街道社区卫生服务中心，预约号 482913057264。" in page
    assert "还没有保存。" in page
    assert MessageTemplate.objects.count() == 0


def test_saving_says_it_in_the_citys_words_and_leaves_a_trace(city):
    answer = city.post(ADDRESS, fields(city, OWN, save="1"), follow=True)

    assert MessageTemplate.objects.get().text == OWN
    assert "已保存" in answer.content.decode()
    entry = AuditEntry.objects.get(what="booking.messagetemplate BOOKED zh-hans")
    assert (entry.before["text"], entry.after["text"]) == (system_text("BOOKED", "zh-hans"), OWN)
    assert OWN in city.get(ADDRESS).content.decode()


def test_the_systems_text_comes_back_with_one_button(city):
    city.post(ADDRESS, fields(city, OWN, save="1"))

    page = city.post(ADDRESS, fields(city, "", system="1"), follow=True).content.decode()

    assert MessageTemplate.objects.count() == 0
    assert "已恢复系统正文" in page
    assert AuditEntry.objects.filter(what="booking.messagetemplate BOOKED zh-hans").count() == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "请填写正文"),
        (OWN + "{phone}", "没有这些占位符：{phone}"),
        ("约好了：{name} {starts_at}", "少了必须有的占位符：{site}、{reference}"),
        (OWN + "{{ name }}", "花括号只能用在占位符上"),
        (OWN + "{% load x %}", "花括号只能用在占位符上"),
        (OWN + "{name.__class__}", "花括号只能用在占位符上"),
        (OWN + "{NAME}", "花括号只能用在占位符上"),
        (OWN + "长" * 500, "最多 500 个字"),
    ],
)
def test_what_may_not_be_sent_is_refused_and_kept_to_mend(city, text, said):
    page = city.post(ADDRESS, fields(city, text, save="1"))

    assert said in page.content.decode().replace("&#x27;", "'")
    assert page.context["form"]["text"].value() == text
    assert MessageTemplate.objects.count() == 0


def test_html_in_a_text_is_shown_as_it_is(city):
    page = city.post(ADDRESS, fields(city, OWN + "<script>alert(1)</script>", preview="1")).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_two_who_change_it_at_once_do_not_overwrite_each_other(city):
    first = fields(city, OWN, save="1")
    city.post(ADDRESS, fields(city, OWN + "请准时。", save="1"))

    page = city.post(ADDRESS, first).content.decode()

    assert "别人刚改过这段正文" in page
    assert MessageTemplate.objects.get().text == OWN + "请准时。"


def test_where_a_provider_approves_texts_the_page_says_so(city, settings):
    assert "SMS_TEMPLATES" not in city.get(ADDRESS).content.decode()
    settings.SMS_CHANNEL = "aliyun"

    assert "SMS_TEMPLATES" in city.get(ADDRESS).content.decode()


def test_an_auditor_looks_and_changes_nothing(client):
    sign_in(client, make_administrator(AdminRole.AUDITOR))

    page = client.get(ADDRESS)

    assert 'name="save"' not in page.content.decode()
    assert client.post(ADDRESS, {"text": OWN, "seen": "x", "save": "1"}).status_code == 403


def test_there_is_no_page_for_what_is_no_kind(city):
    for wrong in ("BOOKED/fr/", "NOTHING/en/", "booked/en/"):
        assert city.get(f"/admin/booking/messagetemplate/{wrong}").status_code == 404


@pytest.mark.parametrize(
    ("text", "letters", "parts", "is_plain"),
    [
        ("a" * 160, 160, 1, True),
        ("a" * 161, 161, 2, True),
        ("a" * 306, 306, 2, True),
        ("a" * 307, 307, 3, True),
        ("[" * 80, 160, 1, True),
        ("[" * 81, 162, 2, True),
        ("苗" * 70, 70, 1, False),
        ("苗" * 71, 71, 2, False),
        ("苗" * 134, 134, 2, False),
        ("苗" * 135, 135, 3, False),
        ("a" * 70 + "苗", 71, 2, False),
        ("😀" * 35, 70, 1, False),
    ],
)
def test_texts_are_counted_as_gateways_do(text, letters, parts, is_plain):
    found = length_of(text)

    assert (found.letters, found.parts, found.is_plain) == (letters, parts, is_plain)


def test_a_right_text_has_no_problem():
    assert problems_with("{a} {b}", allowed=["a", "b"], needed=["a"]) == []
