"""Release rules: who may see, make and apply which, and that saving alone changes no slot."""

from datetime import time

import pytest
from django.urls import reverse
from django.utils import timezone

from booking.models import ReleaseRule, Slot, SlotEvent
from tests.admin.releases.conftest import at
from tests.factories import make_release_rule

pytestmark = pytest.mark.django_db(transaction=True)
LIST = reverse("admin:booking_releaserule_changelist")
ADD = reverse("admin:booking_releaserule_add")
DRY_RUN = reverse("admin:booking_releaserule_dry_run")


def change(rule):
    return reverse("admin:booking_releaserule_change", args=[rule.pk])


def apply(rule):
    return reverse("admin:booking_releaserule_apply", args=[rule.pk])


def form(city, **more):
    filled = {"name": "早放", "programme": city.programme.pk, "opens": "09:30", "days_ahead": "7", "is_active": "on"}
    return {**filled, **more}


def test_saving_changes_no_slot_and_leads_to_the_dry_run(city) -> None:
    before = list(Slot.objects.order_by("pk").values())

    saved = city.city.post(ADD, form(city, percent_1="60", percent_2="40", minutes_2="240"))

    rule = ReleaseRule.objects.get()
    assert saved["Location"] == f"{DRY_RUN}?rule={rule.pk}"
    assert rule.portions == [[60, 0], [40, 240]]
    assert list(Slot.objects.order_by("pk").values()) == before
    page = city.city.get(saved["Location"]).content.decode()
    assert "会改 <b>2</b> 个还没放出的时段" in page
    assert "60 % 开放时，40 % 240 分钟后" in page


def test_applying_changes_the_slots_and_says_how_many(city) -> None:
    rule = make_release_rule(city.programme, opens=time(9), portions=[[60, 0], [40, 240]])

    page = city.city.post(apply(rule), follow=True)

    assert "已改 2 个时段。" in page.content.decode()
    assert "不用改" in page.content.decode()
    assert {(slot.opens_at, slot.quota, slot.kept_later) for slot in Slot.objects.all()} == {(at(2, 9), 6, 4)}
    assert SlotEvent.objects.filter(kind="RELEASE_SET").count() == 2


def test_a_rule_is_shown_with_its_portions_and_changed(city) -> None:
    rule = make_release_rule(city.programme, portions=[[60, 0], [40, 240]])
    page = city.city.get(change(rule)).content.decode()
    assert 'name="minutes_2" value="240"' in page

    city.city.post(change(rule), form(city))

    rule.refresh_from_db()
    assert (rule.portions, rule.opens) == ([], time(9, 30))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"percent_1": "60"}, "percent_1"),
        ({"percent_1": "60", "percent_2": "50", "minutes_2": "60"}, "percent_1"),
        ({"percent_2": "100", "minutes_2": "60"}, "percent_1"),
        ({"percent_1": "60", "percent_2": "40"}, "minutes_2"),
        ({"percent_1": "60", "minutes_2": "30"}, "minutes_2"),
        ({"percent_1": "50", "percent_2": "25", "minutes_2": "60", "percent_3": "25", "minutes_3": "60"}, "percent_1"),
        ({"percent_1": "0"}, "percent_1"),
        ({"days_ahead": "91"}, "days_ahead"),
    ],
)
def test_portions_that_cannot_be_are_refused_in_words(city, wrong, field) -> None:
    page = city.city.post(ADD, form(city, **wrong))

    assert page.status_code == 200
    assert field in page.context["adminform"].form.errors
    assert not ReleaseRule.objects.exists()


# --- Whose rules ------------------------------------------------------------------------------------------------------


@pytest.fixture
def rules(city):
    return {
        "city": make_release_rule(city.programme, name="全市的"),
        "here": make_release_rule(city.programme, name="本区的", districts=[city.here]),
        "site": make_release_rule(city.programme, name="本点的", sites=[city.site]),
        "there": make_release_rule(city.programme, name="外区的", districts=[city.there]),
        "mixed": make_release_rule(city.programme, name="跨区的", sites=[city.site, city.other]),
    }


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("city", {"全市的", "本区的", "本点的", "外区的", "跨区的"}),
        ("auditor", {"全市的", "本区的", "本点的", "外区的", "跨区的"}),
        ("district", {"全市的", "本区的", "本点的"}),
        ("manager", {"全市的", "本区的", "本点的"}),
    ],
)
def test_each_sees_the_rules_of_their_part_and_the_citys(city, rules, who, seen) -> None:
    browser = getattr(city, who)

    assert {rule.name for rule in browser.get(LIST).context["cl"].result_list} == seen
    for rule in rules.values():
        expected = 200 if rule.name in seen else 404
        assert browser.get(change(rule)).status_code == expected, rule.name
        assert browser.get(DRY_RUN, {"rule": rule.pk}).status_code == expected, rule.name


@pytest.mark.parametrize(
    ("who", "allowed"),
    [("city", {"city", "here", "site", "there", "mixed"}), ("district", {"here", "site"}), ("manager", set()),
     ("auditor", set())],
)  # fmt: skip
def test_each_changes_and_applies_only_their_own(city, rules, who, allowed) -> None:
    browser = getattr(city, who)
    hidden = {"there", "mixed"} if who == "district" else set()

    for name, rule in rules.items():
        expected = 302 if name in allowed else 404 if name in hidden else 403
        if who == "manager" and name in ("there", "mixed"):
            # To somebody who may apply nothing, what is not theirs is refused like everything else.
            expected = 403
        assert browser.post(apply(rule)).status_code == expected, name
        changed = browser.post(change(rule), form(city, name="改过", districts=[city.here.pk])).status_code
        assert (changed == 302) == (name in allowed), name


def test_a_district_makes_rules_for_its_own_places_only(city) -> None:
    offered = city.district.get(ADD).context["adminform"].form.fields
    assert [site.pk for site in offered["sites"].queryset] == [city.site.pk]
    assert [district.pk for district in offered["districts"].queryset] == [city.here.pk]

    for more in ({}, {"districts": [city.there.pk]}, {"sites": [city.other.pk]}):
        page = city.district.post(ADD, form(city, **more))
        assert page.status_code == 200
        assert page.context["adminform"].form.errors
    assert city.district.post(ADD, form(city, sites=[city.site.pk])).status_code == 302
    assert city.manager.post(ADD, form(city, sites=[city.site.pk])).status_code == 403


def test_the_preview_of_the_citys_rule_counts_only_the_lookers_sites(city, rules) -> None:
    ReleaseRule.objects.exclude(pk=rules["city"].pk).delete()

    assert city.city.get(DRY_RUN, {"rule": rules["city"].pk}).context["effect"].unchanged == 2
    seen = city.district.get(DRY_RUN, {"rule": rules["city"].pk})
    assert seen.context["effect"].unchanged == 1
    assert not seen.context["may_apply"]


def test_applying_is_by_post_and_rules_are_not_deleted(city, rules) -> None:
    assert city.city.get(apply(rules["city"])).status_code == 405
    gone = reverse("admin:booking_releaserule_delete", args=[rules["city"].pk])
    assert city.city.post(gone, {"post": "yes"}).status_code == 403


def test_the_list_costs_few_statements(city, rules, django_assert_max_num_queries) -> None:
    city.city.get(LIST)
    with django_assert_max_num_queries(12):
        assert city.city.get(LIST).status_code == 200
    assert timezone.now() < at(2, 8)
