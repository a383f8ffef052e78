"""The pages of whoever waits for a leftover dose: joining, the list, an offer and its answer."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.models import Appointment, Offer, WaitlistEntry
from booking.operations.waitlist.accept import accept
from booking.operations.waitlist.advance_leftovers import advance_leftovers
from booking.operations.waitlist.stop_leftovers import stop_leftovers
from tests.factories import make_citizen, make_district, make_patient
from tests.waitlist_factories import Leftovers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def leftovers(now):
    return Leftovers(now.replace(hour=11))


@pytest.fixture(autouse=True)
def clock(leftovers):
    with time_machine.travel(leftovers.now, tick=False) as machine:
        yield machine


@pytest.fixture
def patient(leftovers):
    return make_patient(name="王秀兰", district_code=leftovers.site.district_id)


@pytest.fixture
def browser(patient):
    return signed_in(patient.user)


def signed_in(user, language="zh-hans") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(user)
    return client


def said(response) -> str:
    page = re.sub(r"<head.*?</head>|<script.*?</script>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def join_page(leftovers, patient) -> str:
    return f"/waitlist/join/{patient.pk}/{leftovers.programme.code}/?site={leftovers.site.code}"


def offer_page(offer, act="") -> str:
    return f"/waitlist/offers/{offer.pk}/{act}"


@pytest.fixture
def offer(leftovers, patient):
    leftovers.waits(patient)
    leftovers.begins()
    return Offer.objects.get()


# --- Joining ---


@pytest.mark.parametrize("choice", ["site", "district", "city"])
def test_joining_for_this_site_its_district_or_the_city(leftovers, patient, browser, choice):
    site = leftovers.site
    code = {"site": f"site:{site.code}", "district": f"district:{site.district_id}", "city": "city"}[choice]
    page = said(browser.get(join_page(leftovers, patient)))
    assert f"这个接种点：{site.name}" in page
    assert "芙蓉区的接种点" in page

    answer = browser.post(join_page(leftovers, patient), {"where": code, "weeks": "2", "leftovers": "on"}, follow=True)

    entry = WaitlistEntry.objects.get()
    assert [one.pk for one in entry.sites.all()] == ([site.pk] if choice == "site" else [])
    assert [one.pk for one in entry.districts.all()] == ([site.district_id] if choice == "district" else [])
    assert entry.until == leftovers.now.date() + timedelta(weeks=2)
    assert entry.takes_leftovers
    assert "登记好了。轮到时发短信到 138****" in said(answer)


def test_several_places_days_times_and_people_at_once(leftovers, patient, browser):
    child, site = make_patient(patient.user, name="李雷"), leftovers.site
    district = make_district("430103")
    said_yes = {
        "where": [f"site:{site.code}", f"district:{district.pk}"],
        "days": ["1", "6"],
        "parts": ["morning"],
        "weeks": "1",
        "along": [str(child.pk)],
    }

    browser.post(join_page(leftovers, patient), said_yes)
    page = said(browser.get("/waitlist/"))

    entry = WaitlistEntry.objects.get()
    assert [one.pk for one in entry.sites.all()] == [site.pk]
    assert [one.pk for one in entry.districts.all()] == [district.pk]
    assert (entry.days, entry.parts_of_day, entry.people) == ([1, 6], ["morning"], 2)
    assert [one.pk for one in entry.companions.all()] == [child.pk]
    assert not entry.takes_leftovers
    for words in ("星期一、星期六，上午", "李雷", "不通知", "您排在最前面"):
        assert words in page


def test_whoever_would_go_anywhere_need_not_say_where_else(leftovers, patient, browser):
    where = ["city", f"site:{leftovers.site.code}"]
    browser.post(join_page(leftovers, patient), {"where": where, "weeks": "2"})

    assert not WaitlistEntry.objects.get().sites.exists()


def test_no_more_come_along_than_there_may(leftovers, patient, browser):
    family = [make_patient(patient.user) for _ in range(4)]

    answer = browser.post(
        join_page(leftovers, patient), {"where": "city", "weeks": "2", "along": [str(one.pk) for one in family]}
    )

    assert "最多再选 3 位。" in said(answer)
    assert not WaitlistEntry.objects.exists()


def test_of_somebody_who_comes_along_the_page_says_who_cannot(leftovers, patient, browser):
    leftovers.programme.max_age = 60
    leftovers.programme.save()
    old = make_patient(patient.user, name="王老", birth_date=date(1930, 1, 1))

    answer = browser.post(join_page(leftovers, patient), {"where": "city", "weeks": "2", "along": str(old.pk)})

    assert "王老：" in said(answer)


def test_the_page_says_how_people_are_asked(leftovers, patient, browser):
    page = said(browser.get(join_page(leftovers, patient)))

    assert "30 分钟内答复，号给您留着。" in page
    assert "先问点名本接种点的，再本区的，再全市的（住得近的先）。" in page


def test_what_is_not_a_choice_is_not_taken(leftovers, patient, browser):
    for where, weeks in (("site:elsewhere", "2"), ("city", "9"), ("", "")):
        browser.post(join_page(leftovers, patient), {"where": where, "weeks": weeks, "leftovers": "on"})

    assert not WaitlistEntry.objects.exists()


def test_changing_the_wish_begins_with_what_it_is_and_keeps_the_turn(leftovers, patient, browser):
    entry = leftovers.waits(patient, minutes=30)
    address = f"/waitlist/join/{patient.pk}/{leftovers.programme.code}/"
    page = browser.get(address)
    assert "已经在候补。" in said(page)
    assert re.search(rf'value="site:{leftovers.site.code}"[^>]*checked', page.content.decode())

    browser.post(address, {"where": "city", "weeks": "4", "leftovers": "on"})

    changed = WaitlistEntry.objects.get()
    assert (changed.pk, changed.joined_at) == (entry.pk, entry.joined_at)
    assert not changed.sites.exists()


def test_somebody_elses_people_and_programmes_that_there_are_not_are_not_found(leftovers, patient):
    stranger = signed_in(make_citizen())

    assert stranger.get(join_page(leftovers, patient)).status_code == 404
    assert signed_in(patient.user).get(f"/waitlist/join/{patient.pk}/nothing/").status_code == 404


def test_a_refusal_is_said_on_the_page(leftovers, patient, browser):
    leftovers.waits(make_patient(person=patient.person))

    answer = browser.post(join_page(leftovers, patient), {"where": "city", "weeks": "1", "leftovers": "on"})

    assert "已经由另一个账号候补了" in said(answer)


# --- The ways in ---


def test_the_times_of_a_site_lead_to_it(leftovers, patient, browser):
    times = reverse("book_when", args=[patient.pk, leftovers.programme.code, leftovers.site.code])

    page = browser.get(times).content.decode()

    assert page.count("有空号时通知我") == 1
    assert join_page(leftovers, patient) in page


def test_where_everything_is_sold_out_it_is_the_way_on(leftovers, patient, browser):
    leftovers.slot.quota = 0
    leftovers.slot.save()

    times = browser.get(reverse("book_when", args=[patient.pk, leftovers.programme.code, leftovers.site.code]))
    sites = browser.get(reverse("book_where", args=[patient.pk, leftovers.programme.code]))

    assert "全市暂时都没有号了" in said(times)
    assert times.content.decode().count("有空号时通知我") == 1
    assert f"/waitlist/join/{patient.pk}/{leftovers.programme.code}/" in sites.content.decode()


def test_a_family_waits_together(leftovers, patient, browser):
    child = make_patient(patient.user, name="李雷")
    address = reverse("book_when", args=[f"{patient.pk},{child.pk}", leftovers.programme.code, leftovers.site.code])

    page = browser.get(address).content.decode()
    way = f"{join_page(leftovers, patient)}&amp;along={child.pk}"

    assert "有空号时通知我们" in page
    assert way in page
    joining = browser.get(way.replace("&amp;", "&")).content.decode()
    assert re.search(rf'value="{child.pk}"[^>]*checked', joining)


# --- The list ---


def test_the_list_shows_what_one_waits_for_and_leaving_asks_first(leftovers, patient, browser):
    entry = leftovers.waits(patient)
    page = said(browser.get("/waitlist/"))
    assert "王秀兰" in page
    assert leftovers.site.name in page

    asks = said(browser.get(f"/waitlist/{entry.pk}/leave/"))
    assert "退出后不再通知。以后再登记，要从后面重新排。" in asks
    assert WaitlistEntry.objects.get().ended_at is None
    left = browser.post(f"/waitlist/{entry.pk}/leave/", follow=True)

    assert "已退出候补。" in said(left)
    assert WaitlistEntry.objects.get().ended_at is not None
    assert browser.get(f"/waitlist/{entry.pk}/leave/").url == "/waitlist/"


def test_nobody_leaves_for_somebody_else(leftovers, patient):
    entry = leftovers.waits(patient)

    assert signed_in(make_citizen()).post(f"/waitlist/{entry.pk}/leave/").status_code == 404


def test_an_empty_list_says_how_to_join(browser):
    assert "在选时间那一页点“有空号时通知我”" in said(browser.get("/waitlist/"))


# --- The offer ---


def test_home_appointments_and_list_show_that_an_offer_waits(browser, offer):
    for address in ("/", "/appointments/", "/waitlist/"):
        page = browser.get(address)
        assert "有余苗，轮到王秀兰" in said(page)
        assert "今天 12:30 前到。请在 11:15 前答复。" in said(page)
        assert offer_page(offer) in page.content.decode()


def test_the_offer_says_where_until_when_and_how_long_there_is_to_answer(leftovers, browser, offer):
    page = browser.get(offer_page(offer))

    for words in (
        "请在 11:15 前答复，还有 15 分钟",
        "今天 12:30",
        leftovers.site.name,
        "40 分钟内能到再点“要”",
        "不答复就让给下一位",
    ):
        assert words in said(page)
    assert 'data-until="2026-11-24T11:15:00+08:00" data-now="2026-11-24T11:00:00+08:00"' in page.content.decode()


def test_a_yes_is_confirmed_with_the_time_and_the_code(browser, offer):
    for _ in range(2):
        answer = browser.post(offer_page(offer, "accept/"), follow=True)
        assert "给您留好了 今天 12:30 前到，带身份证件。" in said(answer)

    booked = Appointment.objects.get()
    assert reverse("appointment", args=[booked.reference]) in answer.content.decode()
    assert browser.get(reverse("appointment", args=[booked.reference])).status_code == 200


def test_a_no_is_confirmed_and_the_wish_stays(browser, offer):
    for _ in range(2):
        answer = browser.post(offer_page(offer, "decline/"), follow=True)
        assert "这次不要已经让给下一位。您的候补还在。" in said(answer)

    assert WaitlistEntry.objects.get().ended_at is None


@pytest.mark.parametrize("how", ["expired", "withdrawn"])
def test_an_offer_that_is_over_says_so_instead_of_its_buttons(leftovers, browser, offer, clock, how):
    if how == "expired":
        clock.move_to(leftovers.now + timedelta(minutes=15))
    else:
        stop_leftovers(site_id=leftovers.site.pk, round_id=offer.round_id, now=leftovers.now)

    for answer in (browser.get(offer_page(offer)), browser.post(offer_page(offer, "accept/"), follow=True)):
        assert ("11:15 前没有答复，已经让给下一位。" if how == "expired" else "接种点收回了余苗") in said(answer)
        assert "马上去" not in said(answer)
    assert not Appointment.objects.exists()
    assert "有余苗，轮到" not in said(browser.get("/"))


def test_why_a_yes_was_not_possible_is_said_in_words(leftovers, browser, offer):
    leftovers.slot.closed_at = leftovers.now
    leftovers.slot.save()

    answer = browser.post(offer_page(offer, "accept/"))

    assert answer.status_code == 409
    assert "这个时间不能再约了。" in said(answer)


def test_whoever_was_asked_about_a_dose_that_somebody_else_has_is_told_so(leftovers, browser, offer):
    other = leftovers.waits()
    mine = Offer.objects.create(
        entry=other, site=leftovers.site, round=offer.round, made_at=leftovers.now, expires_at=offer.expires_at
    )
    accept(account_id=other.account_id, offer_id=mine.pk, now=leftovers.now)

    answer = browser.post(offer_page(offer, "accept/"))
    assert answer.status_code == 409
    assert "已经有人要了。您的候补还在。" in said(answer)
    assert "马上去" not in said(answer)

    # Once the round has ended, nobody is asked any more.
    advance_leftovers(now=leftovers.now)
    assert "接种点收回了余苗" in said(browser.get(offer_page(offer)))
    assert "有余苗，轮到" not in said(browser.get("/"))


def test_a_forwarded_link_is_worth_nothing(offer):
    stranger, nobody = signed_in(make_citizen()), Client()

    for act in ("", "accept/", "decline/"):
        call = "get" if not act else "post"
        assert getattr(stranger, call)(offer_page(offer, act)).status_code == 404
        assert getattr(nobody, call)(offer_page(offer, act)).url.startswith("/sign-in/")
    assert Offer.objects.get().state == "PENDING"
    assert stranger.get(offer_page(offer, "accept/")).status_code == 405


def test_the_pages_are_complete_in_english(leftovers, patient, offer):
    english = signed_in(patient.user, "en")

    for address in ("/waitlist/", join_page(leftovers, patient), offer_page(offer)):
        words = said(english.get(address)).replace("王秀兰", "").replace("中文", "")
        assert not re.search(r"[一-鿿]", words), address
    english.post(offer_page(offer, "accept/"))
    assert "It is yours Be there by 12:30 today." in said(english.get(offer_page(offer)))
