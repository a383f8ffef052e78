"""What the admin's side column offers, and in which order; and what an empty list says."""

import re

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from sites.models import AdminRole
from tests.factories import make_administrator, sign_in

pytestmark = pytest.mark.django_db


def _areas(user: User) -> list[str]:
    request = RequestFactory().get("/admin/")
    request.user = user
    return [app["app_label"] for app in admin.site.get_app_list(request)]


def test_a_superuser_finds_daily_work_first_and_the_tables_of_libraries_last():
    superuser = User.objects.create(username="superuser", is_staff=True, is_superuser=True)

    areas = _areas(superuser)

    assert areas[:3] == ["booking", "sites", "accounts"]
    assert "django_q" in areas[3:]


def test_an_office_is_offered_no_table_of_a_library():
    assert _areas(make_administrator(AdminRole.CITY)) == ["booking", "sites", "accounts"]


def test_an_empty_list_says_what_to_do_and_a_search_without_result_leads_back(client: Client):
    sign_in(client, make_administrator(AdminRole.CITY))
    address = reverse("admin:booking_importrun_changelist")

    empty = client.get(address).content.decode()
    nothing_found = client.get(address, {"q": "nowhere"}).content.decode()

    assert "还没有导入过文件。" in empty
    assert "没有符合条件的。" not in empty
    assert f'<a href="{address}">看全部</a>' in nothing_found


def test_a_page_names_its_trail_once_and_says_inside_a_landmark_that_it_is_a_demonstration(client: Client, settings):
    sign_in(client, make_administrator(AdminRole.CITY))
    settings.DEMONSTRATION = True

    page = client.get(reverse("admin:booking_importrun_new")).content.decode()

    assert page.count('class="breadcrumbs"') == 1
    assert re.search(r"<nav[^>]*>\s*<nav", page) is None
    assert '<aside class="demonstration" aria-label=' in page
