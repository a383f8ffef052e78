"""The calendar shows each administrator their own part of the city, and nothing else exists."""

import pytest

from booking.models import Slot
from sites.models import AdminRole, Site
from tests.admin.calendar.conftest import CALENDAR, cell_of, week
from tests.factories import make_administrator, make_citizen, make_district, make_programme, make_site, make_slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(db: None) -> Site:
    return make_site(district=make_district("430103"), name="别处接种点")


def test_a_sites_manager_goes_straight_to_their_week(visitor, site: Site, elsewhere: Site) -> None:
    browser = visitor(make_administrator(AdminRole.SITE, site=site))

    moved = browser.get(CALENDAR)

    assert moved["Location"] == week(site, first="2026-11-24")
    assert browser.get(moved["Location"]).status_code == 200


def test_a_district_goes_straight_to_its_fortnight(visitor, site: Site, elsewhere: Site) -> None:
    browser = visitor(make_administrator(AdminRole.DISTRICT, district=site.district))

    assert browser.get(CALENDAR)["Location"] == f"{CALENDAR}?district=430102&first=2026-11-24"


def test_what_lies_outside_is_404_like_what_is_unknown(visitor, site: Site, elsewhere: Site) -> None:
    neighbour = make_site()
    for office in ({"role": AdminRole.SITE, "site": site}, {"role": AdminRole.DISTRICT, "district": site.district}):
        browser = visitor(make_administrator(**office))
        for address in (
            week(elsewhere),
            week(site, programme="unknown"),
            f"{CALENDAR}?site=unknown",
            f"{CALENDAR}?district=430103",
            f"{CALENDAR}?district=unknown",
        ):
            assert browser.get(address).status_code == 404, address
        assert "别处" not in browser.get(f"{CALENDAR}?q=接种点").content.decode()
    assert visitor(make_administrator(AdminRole.SITE, site=site)).get(week(neighbour)).status_code == 404


def test_a_sites_manager_sees_their_own_row_of_the_district_only(visitor, site: Site) -> None:
    make_site()
    browser = visitor(make_administrator(AdminRole.SITE, site=site))

    shown = browser.get(f"{CALENDAR}?district=430102")

    assert [row[0] for row in shown.context["rows"]] == [site]


def test_whoever_looks_after_several_sites_chooses_among_those(visitor, site: Site, elsewhere: Site) -> None:
    from sites.models import Administrator
    from tests.factories import CLOCK

    user = make_administrator(AdminRole.SITE, site=site)
    second = make_site()
    Administrator.objects.create(user=user, role=AdminRole.SITE, site=second, given_at=CLOCK)

    shown = visitor(user).get(CALENDAR)

    assert [(district.code, district.count) for district, _ in shown.context["districts"]] == [("430102", 2)]


def test_cells_of_another_site_cannot_be_posted(visitor, slot: Slot, elsewhere: Site) -> None:
    browser = visitor(make_administrator(AdminRole.SITE, site=slot.site))
    theirs = make_slot(elsewhere, quota=10)

    for act in ("save", "close", "reopen"):
        posted = {"cell": [cell_of(slot), cell_of(theirs)], "quota": "5", "act": act, "confirmed": "1"}
        assert browser.post(week(slot.site), posted).status_code == 404
    assert browser.post(week(elsewhere), {"cell": cell_of(theirs), "quota": "5", "act": "save"}).status_code == 404

    assert set(Slot.objects.values_list("quota", "closed_at")) == {(10, None)}


@pytest.mark.parametrize("act", ["save", "close", "reopen", "undo"])
def test_whoever_may_only_look_changes_nothing(visitor, slot: Slot, act: str) -> None:
    browser = visitor(make_administrator(AdminRole.AUDITOR))

    posted = browser.post(week(slot.site), {"cell": cell_of(slot), "quota": "5", "act": act, "undo": "1-1"})

    assert posted.status_code == 403
    slot.refresh_from_db()
    assert (slot.quota, slot.closed_at) == (10, None)


def test_citizens_and_whoever_lost_their_office_do_not_get_in(visitor, slot: Slot) -> None:
    assert visitor(make_citizen()).get(week(slot.site)).status_code == 302
    former = make_administrator(AdminRole.SITE, site=slot.site)
    former.offices.update(is_active=False)
    assert visitor(former).get(week(slot.site)).status_code == 403


def test_a_manager_publishes_at_their_own_site_only(visitor, site: Site, elsewhere: Site) -> None:
    browser = visitor(make_administrator(AdminRole.SITE, site=site))
    day = {
        "site": str(elsewhere.pk),
        "programme": str(make_programme().pk),
        "first_day": "2026-11-27",
        "last_day": "2026-11-27",
        "begins": "08:00",
        "ends": "09:00",
        "minutes": "30",
        "quota": "12",
        "opens_at_0": "2026-11-25",
        "opens_at_1": "09:00",
        "confirmed": "1",
    }

    refused = browser.post("/admin/booking/slot/add/", day)

    assert "site" in refused.context["form"].errors
    assert not Slot.objects.exists()
    assert browser.get(f"/admin/booking/slot/add/?site={elsewhere.code}").context["form"].initial.get("site") is None
    browser.post("/admin/booking/slot/add/", {**day, "site": str(site.pk)})
    assert Slot.objects.filter(site=site).count() == 2
