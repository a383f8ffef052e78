"""Quota plans in the admin: whose they are, what a week may look like, copies."""

import pytest
from django.test import Client
from django.urls import reverse

from booking.models import PlanSession, QuotaPlan
from sites.models import AdminRole
from tests.admin.changes.test_changing import make_plan
from tests.factories import make_administrator, make_district, make_programme, make_site, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
ADD = reverse("admin:booking_quotaplan_add")
LIST = reverse("admin:booking_quotaplan_changelist")


def change(plan: QuotaPlan) -> str:
    return reverse("admin:booking_quotaplan_change", args=[plan.pk])


def posted(*sessions: tuple[int, str, str], **fields) -> dict[str, object]:
    rows: dict[str, object] = {"sessions-TOTAL_FORMS": len(sessions), "sessions-INITIAL_FORMS": 0}
    for n, (weekday, begins, ends) in enumerate(sessions):
        names = {"weekday": weekday, "begins": begins, "ends": ends, "minutes": 30, "places": ""}
        rows |= {f"sessions-{n}-{name}": value for name, value in names.items()}
    usual = {
        "code": "weekdays", "name": "平日", "programme": make_programme().pk, "district": "", "is_active": "on",
        "walk_in_percent": 20, "community_percent": 10,
    }  # fmt: skip
    return {**usual, **fields, **rows}


def test_a_week_is_written_down(desk: Client) -> None:
    response = desk.post(ADD, posted((1, "08:00", "11:30"), (1, "14:00", "17:00"), (2, "08:00", "11:30")))

    assert response.status_code == 302
    plan = QuotaPlan.objects.get()
    assert (plan.walk_in_percent, plan.district, plan.sessions.count()) == (20, None, 3)


@pytest.mark.parametrize(
    ("sessions", "fields", "said"),
    [
        ([(1, "08:00", "11:30"), (1, "11:00", "12:00")], {}, "重叠"),
        ([(1, "11:30", "08:00")], {}, "结束要晚于开始"),
        ([], {"walk_in_percent": 60, "community_percent": 50}, "不能超过 100%"),
    ],
)
def test_a_week_that_cannot_be_is_refused(desk: Client, sessions, fields, said: str) -> None:
    response = desk.post(ADD, posted(*sessions, **fields))

    assert said in response.content.decode()
    assert not QuotaPlan.objects.exists()


def test_a_district_sees_the_citys_plans_and_changes_its_own_only(client: Client) -> None:
    district, other = make_district(), make_district("430103")
    of_city, own, of_other = make_plan(), make_plan(district), make_plan(other)
    sign_in(client, make_administrator(AdminRole.DISTRICT, district=district))

    listed = client.get(LIST).content.decode()
    assert of_city.code in listed
    assert own.code in listed
    assert of_other.code not in listed
    assert client.get(change(of_other)).status_code == 404
    assert client.get(change(of_city)).status_code == 200
    assert client.post(change(of_city), posted()).status_code == 403
    assert client.get(change(own)).status_code == 200
    refused = client.post(ADD, posted(code="mine"))
    assert "district" in refused.context["adminform"].form.errors
    assert client.post(ADD, posted(code="mine", district=other.pk)).status_code == 200
    assert client.post(ADD, posted(code="mine", district=district.pk)).status_code == 302


def test_a_copy_is_the_districts_own_and_switched_off(client: Client) -> None:
    district = make_district()
    plan = make_plan(walk_in_percent=15)
    sign_in(client, make_administrator(AdminRole.DISTRICT, district=district))
    address = reverse("admin:booking_quotaplan_copy", args=[plan.pk])

    assert client.get(address).status_code == 405
    response = client.post(address, follow=True)

    copy = QuotaPlan.objects.exclude(pk=plan.pk).get()
    assert (copy.district, copy.is_active, copy.walk_in_percent, copy.name) == (district, False, 15, "平日（副本）")
    assert list(copy.sessions.values_list("weekday", "begins")) == list(plan.sessions.values_list("weekday", "begins"))
    assert response.redirect_chain[-1][0] == change(copy)
    assert PlanSession.objects.count() == 4


def test_a_sites_manager_applies_plans_and_writes_none(client: Client) -> None:
    site = make_site()
    plan = make_plan(site.district)
    sign_in(client, make_administrator(AdminRole.SITE, site=site))

    assert client.get(change(plan)).status_code == 200
    assert client.get(ADD).status_code == 403
    assert client.post(reverse("admin:booking_quotaplan_copy", args=[plan.pk])).status_code == 403
    assert client.get(reverse("admin:booking_quotachange_new")).status_code == 200


def test_the_list_takes_few_statements(desk: Client, django_assert_max_num_queries) -> None:
    for _ in range(20):
        make_plan(make_district())
    desk.get(LIST)

    with django_assert_max_num_queries(12):
        desk.get(LIST)
