"""Nothing of another district shows up: not in lists, searches, choices, filters or by number."""

import json
from datetime import datetime

import pytest
import time_machine
from django.contrib.admin import site as admin_site
from django.db.models import ForeignKey
from django.test import Client
from django.urls import reverse

from sites.models import AdminRole, District, Site
from tests.admin.world import OTHER_NAMES, World
from tests.factories import make_administrator, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(now: datetime):
    with time_machine.travel(now, tick=False):
        yield World()


@pytest.fixture(params=["district", "site"])
def local(request: pytest.FixtureRequest, client: Client, world: World) -> Client:
    """Somebody who administers a part of the city: a district, or a site of it."""
    if request.param == "district":
        sign_in(client, make_administrator(AdminRole.DISTRICT, district=world.own[District]))
    else:
        sign_in(client, make_administrator(AdminRole.SITE, site=world.own[Site]))
    return client


def _lists(local: Client):
    """Every list that this administrator may open, with its table's admin."""
    for model, model_admin in admin_site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        if local.get(address).status_code == 200:
            yield model, model_admin, address


def _names(page) -> list[str]:
    return [name for name in OTHER_NAMES if name in page.text]


def test_there_are_lists_to_look_at(local: Client) -> None:
    assert len(list(_lists(local))) >= 9


def test_lists_hold_ones_own_rows_only(local: Client, world: World) -> None:
    for model, _admin, address in _lists(local):
        page = local.get(address)
        shown = {row.pk for row in page.context["cl"].result_list}
        assert _names(page) == [], model
        if model in world.other:
            assert world.own[model].pk in shown or not shown, model
            assert world.other[model].pk not in shown, model


@pytest.mark.parametrize("sought", ["S-OTHER", "河西", "other-"])
def test_searches_find_ones_own_rows_only(local: Client, world: World, sought: str) -> None:
    for model, model_admin, address in _lists(local):
        if model_admin.search_fields:
            found = local.get(address, {"q": sought}).context["cl"].result_list
            assert list(found) == [], model


def test_filters_offer_ones_own_part_only_and_reach_no_further(local: Client, world: World) -> None:
    other = world.other[District].pk
    for model, model_admin, address in _lists(local):
        for entry in model_admin.list_filter:
            field = entry[0] if isinstance(entry, tuple) else entry
            if not isinstance(field, str) or "district" not in field:
                continue
            page = local.get(address, {f"{field}__code__exact": other})
            assert list(page.context["cl"].result_list) == [], model
            offered = [
                choice["display"]
                for spec in page.context["cl"].filter_specs
                for choice in spec.choices(page.context["cl"])
            ]
            assert "岳麓区" not in [str(one) for one in offered], model


def test_choices_that_are_typed_for_hold_ones_own_part_only(local: Client, world: World) -> None:
    for model, model_admin in admin_site._registry.items():
        for field_name in model_admin.get_autocomplete_fields(None):
            field = model._meta.get_field(field_name)
            assert isinstance(field, ForeignKey)
            asked = {
                "app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field_name,
            }  # fmt: skip
            for term in ("", "S-", "河西"):
                answer = local.get(reverse("admin:autocomplete"), {**asked, "term": term})
                if answer.status_code == 403:
                    continue
                found = {row["text"] for row in json.loads(answer.content)["results"]}
                assert not any(name in text for text in found for name in OTHER_NAMES), (model, found)


def test_rows_of_others_are_not_there_by_their_number(local: Client, world: World) -> None:
    for model, row in world.other.items():
        if model not in admin_site._registry:
            continue
        start = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for page in ("change", "delete", "history"):
            assert local.get(reverse(f"{start}_{page}", args=[row.pk])).status_code in (403, 404), (model, page)


def test_forms_take_no_place_of_another_district(client: Client, world: World) -> None:
    sign_in(client, make_administrator(AdminRole.DISTRICT, district=world.own[District]))
    site, other = world.own[Site], world.other[District]

    page = client.post(
        reverse("admin:sites_site_change", args=[site.pk]),
        {"code": site.code, "name": "x", "district": other.pk, "staff-TOTAL_FORMS": "0", "staff-INITIAL_FORMS": "0"},
    )

    assert "district" in page.context["adminform"].form.errors


def test_an_account_of_another_district_cannot_be_given_a_post_here(client: Client, world: World) -> None:
    sign_in(client, make_administrator(AdminRole.DISTRICT, district=world.own[District]))
    asked = {"site": world.own[Site].pk, "role": "registration"}
    address = reverse("admin:sites_staffmember_add")

    for username in ("other-worker", "nobody"):
        page = client.post(address, {"user": username, **asked})
        assert "没有这个工作账号" in page.text
    assert client.post(address, {"user": "own-worker", **asked, "role": "screening"}).status_code == 302


def test_a_city_administrator_does_not_raise_themselves(client: Client, world: World) -> None:
    boss = make_administrator(AdminRole.CITY)
    sign_in(client, boss)
    address = reverse("admin:accounts_user_change", args=[world.city.pk])
    form = {"username": "root", "is_active": "on", "is_staff": "on", "is_superuser": "on", "groups": "1"}

    client.post(address, form)
    client.post(reverse("admin:accounts_user_change", args=[boss.pk]), form)

    world.city.refresh_from_db()
    boss.refresh_from_db()
    assert (world.city.is_superuser, boss.is_superuser) == (False, False)
    assert "root" not in (world.city.username, boss.username)
