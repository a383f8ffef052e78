"""The timeline and the dry run: what comes when, where, and for whom."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.models import Slot
from booking.operations.quotas.set_quota import close_slot
from booking.operations.releases.apply_release_rule import apply_release_rule
from sites.models import Site
from tests.admin.releases.conftest import at
from tests.factories import make_release_rule

pytestmark = pytest.mark.django_db(transaction=True)
TIMELINE = reverse("admin:booking_releaserule_timeline")
DRY_RUN = reverse("admin:booking_releaserule_dry_run")


@pytest.fixture
def portions(city):
    rule = make_release_rule(city.programme, portions=[[60, 0], [40, 240]])
    apply_release_rule(rule_id=rule.pk, by=None, now=timezone.now())


def rows(page):
    found = [row for _day, of_day in page.context["days"] for row in of_day]
    return [(row["at"], row["is_portion"], row["slots"], row["places"]) for row in found]


def test_openings_and_portions_are_listed_with_what_they_bring(city, portions) -> None:
    page = city.city.get(TIMELINE)

    assert rows(page) == [(at(2, 8), False, 2, 12), (at(2, 12), True, 2, 8)]
    text = page.content.decode()
    assert "再放一批" in text
    assert "岳麓区、开福区" in text
    assert "<rect width=" in text


def test_what_is_closed_withdrawn_open_or_far_ahead_is_left_out(city) -> None:
    city.make_slot(city.site, days=60, opens=40)
    city.make_slot(city.site, days=5, opens=-1)
    close_slot(slot_id=city.slots[0].pk, by=None, now=timezone.now())
    Slot.objects.filter(pk=city.slots[1].pk).update(withdrawn_at=timezone.now(), quota=0, closed_at=timezone.now())

    page = city.city.get(TIMELINE)

    assert rows(page) == []
    assert "没有要放的号" in page.content.decode()


@pytest.mark.parametrize("who", ["district", "manager"])
def test_each_sees_their_own_part_only(city, who) -> None:
    for page in (getattr(city, who).get(TIMELINE), getattr(city, who).get(DRY_RUN)):
        assert "四方坪" not in page.content.decode()
        assert "望月湖" in page.content.decode()
    assert rows(getattr(city, who).get(TIMELINE)) == [(at(2, 8), False, 1, 10)]


def test_whoever_has_no_office_sees_neither(db) -> None:
    for address in (TIMELINE, DRY_RUN):
        assert Client().get(address).status_code == 302


def test_the_next_moment_is_shown_by_district_and_site_and_others_can_be_chosen(city, portions) -> None:
    city.make_slot(city.site, days=10, opens=3)

    page = city.city.get(DRY_RUN)

    assert page.context["at"] == at(2, 8)
    assert (page.context["slots"], page.context["places"]) == (2, 12)
    assert [(one["name"], one["n_sites"], one["places"]) for one in page.context["districts"]] == [
        ("岳麓区", 1, 6), ("开福区", 1, 6),
    ]  # fmt: skip
    assert "18 到 59 岁" in page.content.decode()
    later = city.city.get(DRY_RUN, {"at": at(2, 12).isoformat()})
    assert (later.context["slots"], later.context["places"]) == (0, 8)
    assert city.city.get(DRY_RUN, {"at": "nonsense"}).context["at"] == at(2, 8)


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ({"age": 30}, "能约第 1 剂"),
        ({"age": 59}, "能约第 1 剂"),
        ({"age": 62}, "年龄超过"),
        ({"age": 17}, "年龄不到"),
        ({"age": 30, "doses": 1}, "全部剂次已打完"),
        ({"age": 30, "sex": "M"}, "只给另一种性别"),
        ({"age": 30, "district": "430105"}, "居住区县不在范围内"),
    ],
)
def test_somebody_thought_up_gets_a_yes_or_a_no_with_the_reason(city, person, words) -> None:
    city.programme.sex = "F"
    city.programme.save()
    city.programme.districts.add(city.here)

    asked = {"sex": "F", "district": "430104", "doses": 0, **person}
    page = city.city.get(DRY_RUN, asked)

    [answer] = page.context["answers"]
    assert answer["words"] == words
    assert answer["may"] == words.startswith("能约")


def test_a_person_who_cannot_be_is_asked_for_again(city) -> None:
    page = city.city.get(DRY_RUN, {"age": "-1", "sex": "X", "district": "1", "doses": "0"})

    assert page.context["answers"] is None
    assert {"age", "sex", "district"} <= set(page.context["form"].errors)


def test_the_table_can_be_downloaded_and_no_name_becomes_a_formula(city) -> None:
    Site.objects.filter(pk=city.site.pk).update(name="=1+1")

    file = city.city.get(DRY_RUN, {"csv": "1"})

    assert file["Content-Type"].startswith("text/csv")
    head, *lines = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    assert len(lines) == 2
    assert lines[0][:4] == [f"{at(2, 8):%Y-%m-%d %H:%M}", "岳麓区", city.site.code, "'=1+1"]
    assert lines[0][6:8] == ["1", "10"]
    assert len(head) == len(lines[0])
    own = city.district.get(DRY_RUN, {"csv": "1"}).content.decode("utf-8-sig")
    assert "四方坪" not in own


def test_both_pages_cost_few_statements_however_many_slots(city, django_assert_max_num_queries) -> None:
    rule = make_release_rule(city.programme, portions=[[60, 0], [40, 240]])
    Slot.objects.bulk_create(
        Slot(
            site=city.site, programme=city.programme, quota=10, opens_at=at(2 + n % 7, 8),
            starts_at=at(9 + n % 7, 8) + timedelta(seconds=n), ends_at=at(9 + n % 7, 9) + timedelta(seconds=n),
        )
        for n in range(2000)
    )  # fmt: skip
    for address in (TIMELINE, DRY_RUN, f"{DRY_RUN}?rule={rule.pk}"):
        city.city.get(address)
        with django_assert_max_num_queries(12):
            assert city.city.get(address).status_code == 200
