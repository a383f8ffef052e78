"""Joining the waitlist on its page, and the ways to it."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from booking.models import WaitlistEntry
from tests.factories import make_citizen, make_district, make_patient
from tests.web.waitlist.at_the_page import join_page, said, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


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
