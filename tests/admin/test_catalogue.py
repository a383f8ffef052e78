"""Sites, programmes and staff in the admin."""

import pytest
from django.contrib.admin import site as admin_site
from django.test import Client
from django.urls import reverse

from accounts.admin_base import MOST_COUNTED, LimitedPaginator
from booking.models import Programme
from booking.queries.programmes import active_programmes
from sites.models import Site
from sites.queries import active_site
from tests.factories import make_programme, make_site, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_list_and_form_opens(desk: Client) -> None:
    make_slot()
    for model in admin_site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert desk.get(reverse(f"{name}_changelist"), follow=True).status_code == 200, name
        if (one := model.objects.first()) is not None:
            assert desk.get(reverse(f"{name}_change", args=[one.pk])).status_code == 200, name


def test_a_change_of_a_site_is_seen_at_once(desk: Client) -> None:
    site = make_site()
    assert active_site(site.code).name == site.name
    form = {
        "code": site.code, "name": "新名字", "name_en": "New", "district": site.district_id, "street": "街",
        "latitude": "28.2", "longitude": "113", "quota_per_half_hour": "20", "is_active": "on",
        "staff-TOTAL_FORMS": "0", "staff-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert desk.post(reverse("admin:sites_site_change", args=[site.pk]), form).status_code == 302
    assert active_site(site.code).name == "新名字"
    del form["is_active"]
    desk.post(reverse("admin:sites_site_change", args=[site.pk]), form)
    assert active_site(site.code) is None
    assert Site.objects.filter(pk=site.pk).exists()


PROGRAMME = {"name": "加强针", "name_en": "Booster", "doses": "2", "intervals": "28", "min_age": "3", "max_age": "120"}


def programme_form(programme: Programme, **changes: str) -> dict[str, object]:
    fixed = {"code": programme.code, "vaccine": programme.vaccine_id, "is_active": "on", "kept_for_later_doses": "0"}
    return {**PROGRAMME, **fixed, **changes}


def test_a_programme_is_changed_and_seen_at_once(desk: Client) -> None:
    programme = make_programme()
    assert active_programmes()[0].doses == 1
    address = reverse("admin:booking_programme_change", args=[programme.pk])
    assert desk.post(address, programme_form(programme)).status_code == 302
    assert (active_programmes()[0].doses, active_programmes()[0].intervals) == (2, (28,))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"intervals": ""}, "intervals"), ({"intervals": "28,28"}, "intervals"), ({"min_age": "121"}, "max_age"),
     ({"doses": "0"}, "__all__")],
)  # fmt: skip
def test_a_programme_that_cannot_be_is_refused(desk: Client, wrong: dict[str, str], field: str) -> None:
    programme = make_programme()
    page = desk.post(reverse("admin:booking_programme_change", args=[programme.pk]), programme_form(programme, **wrong))
    assert page.status_code == 200
    assert field in page.context["adminform"].form.errors


def test_a_long_list_is_counted_up_to_a_limit(django_assert_num_queries) -> None:
    for _ in range(3):
        make_site()
    with django_assert_num_queries(1):
        assert LimitedPaginator(Site.objects.order_by("pk"), 2).count == 3
    assert MOST_COUNTED == 10_000


def test_nothing_is_deleted_in_bulk(desk: Client) -> None:
    site = make_site()
    chosen = {"action": "delete_selected", "_selected_action": [str(site.pk)], "post": "yes"}
    desk.post(reverse("admin:sites_site_changelist"), chosen)
    assert Site.objects.filter(pk=site.pk).exists()


def test_the_demonstration_says_so(desk: Client) -> None:
    assert "演示系统" in desk.get(reverse("admin:index")).content.decode()


def test_the_order_of_the_waitlist_is_chosen_one_by_one_and_each_once(desk: Client) -> None:
    programme = make_programme()
    address = reverse("admin:booking_programme_change", args=[programme.pk])
    assert "60 岁以上的人" in desk.get(address).content.decode()

    twice = desk.post(address, programme_form(programme, waitlist_order_0="child", waitlist_order_2="child"))
    desk.post(address, programme_form(programme, waitlist_order_0="second_dose", waitlist_order_2="age_60"))

    assert "同一条只能选一次。" in twice.content.decode()
    programme.refresh_from_db()
    assert programme.waitlist_order == ["second_dose", "age_60"]


@pytest.mark.parametrize(
    ("doses", "intervals", "percent", "status"), [("2", "28", "20", 302), ("2", "28", "101", 200), ("1", "", "20", 200)]
)
def test_a_share_for_later_doses_is_a_percentage_of_a_series(desk, doses, intervals, percent, status) -> None:
    programme = make_programme()
    address = reverse("admin:booking_programme_change", args=[programme.pk])
    sent = {**programme_form(programme), "doses": doses, "intervals": intervals, "kept_for_later_doses": percent}

    assert desk.post(address, sent).status_code == status
    programme.refresh_from_db()
    assert programme.kept_for_later_doses == (20 if status == 302 else 0)
