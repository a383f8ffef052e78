"""Which sites there are, how far they are, and who works there."""

import pytest

from sites.models import StaffMember
from sites.queries import active_site, active_sites, distance_m, sites_near, works_at
from tests.factories import make_citizen, make_site

pytestmark = pytest.mark.django_db


def test_the_sites_in_use_come_by_code_and_from_the_cache(django_assert_num_queries):
    make_site(code="B", step_free=True, english=True)
    make_site(code="A")
    make_site(code="C", is_active=False)

    with django_assert_num_queries(1):
        found = active_sites()
        active_sites()

    assert [site.code for site in found] == ["A", "B"]
    assert found[1].facilities == ("step_free", "english")
    assert active_site("C") is None


def test_sites_come_nearest_first():
    make_site(code="far", latitude=28.3, longitude=113.0)
    make_site(code="near", latitude=28.21, longitude=113.0)

    found = sites_near(28.2, 113.0, active_sites())

    assert [site.code for site, _ in found] == ["near", "far"]
    assert found[0][1] == pytest.approx(1112, abs=2)


def test_a_degree_of_latitude_is_111_kilometres():
    site = make_site(latitude=29.0, longitude=113.0)

    assert distance_m(28.0, 113.0, active_site(site.code)) == pytest.approx(111_195, abs=10)


def test_who_works_where():
    nurse, here, there = make_citizen(), make_site(), make_site()
    StaffMember.objects.create(user=nurse, site=here, role="screening")
    StaffMember.objects.create(user=nurse, site=there, role="screening", is_active=False)

    assert works_at(nurse.pk, here.pk)
    assert not works_at(nurse.pk, there.pk)
