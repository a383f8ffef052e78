"""Entering a draw: who may, where and when, a look at it, and what stays when something is wrong."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from booking.models import DrawEntry
from tests.draw_factories import CLOSES, FIRST, OPENS, make_entry
from tests.factories import make_citizen, make_patient
from tests.web.journey.conftest import Visitor, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_three_taps_enter_somebody_who_takes_what_comes(draw, patient, visitor):
    page = visitor.get(draw.address)
    assert draw.wish(patient) in page.content.decode()
    wish = visitor.get(draw.wish(patient))
    assert "还没有选。不选也可以" in text_of(wish)
    check = visitor.get(draw.wish(patient), any=["0", "1"], act="check")
    assert check.status_code == 302
    assert "哪个接种点都行" in text_of(visitor.get(check.url))

    done = visitor.client.post(check.url, follow=True)

    entry = DrawEntry.objects.get()
    assert (entry.patient_id, entry.sites, entry.days, entry.any_site) == (patient.pk, [], [], True)
    assert "登记好了" in text_of(done)
    assert " ".join(entry.code[n : n + 4] for n in range(0, 16, 4)) in text_of(done)


def test_sites_are_found_added_put_in_order_and_taken_out_without_a_script(draw, patient, visitor):
    address = draw.wish(patient)
    # Those of the own district are there at once, others when somebody looks for them.
    assert "add:HERE" in visitor.get(address).content.decode()
    assert "add:THERE" not in visitor.get(address).content.decode()
    found = visitor.get(address, any=["0", "1"], text="河西", district="", act="find").content.decode()
    assert ("add:THERE" in found, "add:HERE" in found) == (True, False)

    page = visitor.get(address, sites=["HERE"], any=["0"], act="add:THERE")
    assert page.context["wish"].sites == ("HERE", "THERE")
    assert page.context["wish"].any_site is False
    page = visitor.get(address, sites=["HERE", "THERE"], any=["0"], act="up:THERE")
    assert page.context["wish"].sites == ("THERE", "HERE")
    page = visitor.get(address, sites=["THERE", "HERE"], any=["0"], act="drop:HERE")
    assert page.context["wish"].sites == ("THERE",)


def test_ticks_stay_while_sites_are_looked_for(draw, patient, visitor):
    day = (FIRST + timedelta(days=1)).isoformat()

    page = visitor.get(draw.wish(patient), sites=["HERE"], days=[day], any=["0"], text="没有这样的", act="find")

    assert "这次摇号里没有这样的接种点" in text_of(page)
    assert page.context["wish"].days == (date.fromisoformat(day),)
    assert page.context["wish"].sites == ("HERE",)


def test_whoever_names_no_site_and_wants_no_other_is_told_so_and_keeps_the_days(draw, patient, visitor):
    day = FIRST.isoformat()

    page = visitor.get(draw.wish(patient), days=[day], any=["0"], act="check")

    assert "请至少选一个接种点，或勾选“服从调剂”。" in text_of(page)
    assert page.context["wish"].days == (FIRST,)
    assert visitor.get(draw.wish(patient, "?any=0", "check/")).status_code == 302


@pytest.mark.parametrize(
    "query",
    ["?sites=NOWHERE&any=1", "?days=2020-01-01&any=1", "?sites=HERE&sites=HERE&any=1", "?days=x&sites=%00&any=1"],
)
def test_what_the_draw_does_not_have_is_left_out(draw, patient, visitor, query):
    visitor.post(draw.wish(patient, query, "check/"))

    entry = DrawEntry.objects.get()
    assert set(entry.sites) <= {"HERE"}
    assert (len(entry.sites) <= 1, entry.days) == (True, [])


def test_a_wish_is_carried_from_page_to_page_and_entered_as_it_was_shown(draw, patient, visitor):
    day = (FIRST + timedelta(days=2)).isoformat()
    to_check = visitor.get(
        draw.wish(patient), sites=["THERE", "HERE"], days=[day], any=["0"], act="check", text="x"
    ).url
    assert parse_qs(urlsplit(to_check).query) == {"sites": ["THERE", "HERE"], "days": [day], "any": ["0"]}
    assert "只要这些接种点" in text_of(visitor.get(to_check))

    visitor.client.post(to_check)

    entry = DrawEntry.objects.get()
    assert (entry.sites, entry.days, entry.any_site) == (["THERE", "HERE"], [FIRST + timedelta(days=2)], False)


def test_a_second_tap_finds_the_entry_that_the_first_one_made(draw, patient, visitor):
    address = draw.wish(patient, "?any=1", "check/")

    first, second = visitor.post(address), visitor.post(address)

    assert first.url.split("?")[0] == second.url.split("?")[0]
    assert DrawEntry.objects.count() == 1


def test_changing_begins_with_the_wish_and_keeps_the_code(draw, patient, visitor):
    entry = make_entry(draw.row, patient, sites=["HERE"], days=[FIRST])
    page = visitor.get(draw.wish(patient))
    assert (page.context["wish"].sites, page.context["wish"].days) == (("HERE",), (FIRST,))

    done = visitor.client.post(draw.wish(patient, "?sites=THERE&any=0", "check/"), follow=True)

    changed = DrawEntry.objects.get()
    assert (str(changed.pk), changed.code, changed.sites, changed.days) == (
        str(entry.entry_id), entry.code, ["THERE"], [],
    )  # fmt: skip
    assert "改好了" in text_of(done)


def test_each_of_the_family_is_told_whether_they_may_and_why_not(draw, patient, visitor):
    make_patient(patient.user, name="李小满", birth_date=date(2020, 1, 1), relation="child")
    entered = make_patient(patient.user, name="李雷")
    make_entry(draw.row, entered)

    page = text_of(visitor.get(draw.address))

    assert "王秀兰" in page
    assert "可以登记" in page
    assert "年龄还没到" in page
    assert "已登记" in page


def test_somebody_who_may_not_is_refused_on_the_check_page(draw, patient, visitor):
    child = make_patient(patient.user, name="李小满", birth_date=date(2020, 1, 1))

    refused = visitor.post(draw.wish(child, "?any=1", "check/"))

    assert refused.status_code == 409
    assert "年龄还没到" in text_of(refused)
    assert not DrawEntry.objects.exists()


def test_a_person_whom_another_account_has_entered_is_in_it_once(draw, patient, visitor):
    make_entry(draw.row, make_patient(person=patient.person))

    refused = visitor.post(draw.wish(patient, "?any=1", "check/"))

    assert "一个人只能登记一次" in text_of(refused)
    assert DrawEntry.objects.count() == 1


@pytest.mark.parametrize("moment", [OPENS - timedelta(seconds=1), CLOSES])
def test_outside_the_window_every_page_of_entering_leads_back_to_the_draw(draw, patient, visitor, clock, moment):
    clock.move_to(moment)

    for address in (f"{draw.address}enter/", draw.wish(patient), draw.wish(patient, "?any=1", "check/")):
        assert visitor.get(address).url == draw.address
    assert visitor.post(draw.wish(patient, "?any=1", "check/")).url == draw.address
    assert not DrawEntry.objects.exists()


def test_other_peoples_patients_and_draws_that_there_are_not_are_not_found(draw, patient):
    stranger = Visitor(make_citizen())

    assert stranger.get(draw.wish(patient)).status_code == 404
    assert stranger.post(draw.wish(patient, "?any=1", "check/")).status_code == 404
    assert stranger.get(f"/draws/{patient.pk}/").status_code == 404
    assert not DrawEntry.objects.exists()


def test_whoever_is_not_signed_in_signs_in_and_comes_back(draw, patient):
    nobody = Visitor()

    assert "登录后登记" in text_of(nobody.get(draw.address))
    assert nobody.get(f"{draw.address}enter/").url == f"/sign-in/?next={draw.address}enter/"
    assert nobody.get(draw.wish(patient)).status_code == 302
    assert nobody.post(draw.wish(patient, "?any=1", "check/")).status_code == 302
    assert not DrawEntry.objects.exists()
