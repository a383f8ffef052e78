"""Which sites there are, how far they are, and who works there."""

import pytest

from sites.models import StaffMember
from sites.queries import active_sites, distance_m, sites_near, sites_of, works_at
from tests.factories import make_citizen, make_district, make_site

pytestmark = pytest.mark.django_db


def test_the_sites_in_use_come_with_their_district_in_one_statement(django_assert_num_queries):
    later = make_site(code="B", step_free=True, english=True)
    first = make_site(code="A", district=make_district("430103"))
    make_site(code="C", is_active=False)

    with django_assert_num_queries(1):
        found = active_sites()

    assert [site.code for site in found] == ["A", "B"]
    assert [site.id for site in found] == [first.pk, later.pk]
    assert (found[1].district, found[1].district_en, found[1].district_code) == ("芙蓉区", "Furong", "430102")
    assert found[1].facilities == ("step_free", "english")


def test_a_district_narrows_the_sites():
    here = make_site(district=make_district("430102"))
    make_site(district=make_district("430103"))

    assert [site.id for site in active_sites(district_code="430102")] == [here.pk]


def test_a_site_without_an_english_name_shows_its_own():
    make_site(name="春华镇卫生院", name_en="")

    assert active_sites()[0].name_en == "春华镇卫生院"


def test_sites_come_nearest_first():
    make_site(code="far", latitude=28.3, longitude=113.0)
    make_site(code="near", latitude=28.2, longitude=113.01)
    make_site(code="here", latitude=28.2, longitude=113.0)

    near = sites_near(28.2, 113.0, active_sites())

    assert [found.site.code for found in near] == ["here", "near", "far"]
    assert near[0].distance_m == 0
    assert near[1].distance_m == pytest.approx(980, abs=2)
    assert near[2].distance_m == pytest.approx(11_120, abs=5)


@pytest.mark.parametrize(
    ("here", "there", "metres"),
    [
        ((0, 0), (0, 180), 20_015_115),
        ((90, 0), (-90, 0), 20_015_115),
        ((0, 179.999), (0, -179.999), 222),
        ((28.2, 113.0), (28.2, 113.0), 0),
    ],
)
def test_distances_hold_round_the_globe(here, there, metres):
    assert distance_m(*here, *there) == pytest.approx(metres, abs=1)


def test_somebody_works_where_they_have_a_post_and_nowhere_else():
    nurse, site, other = make_citizen(), make_site(code="A"), make_site(code="B")
    StaffMember.objects.create(user=nurse, site=site, role="vaccination")

    assert works_at(nurse, site)
    assert not works_at(nurse, other)
    assert not works_at(make_citizen(), site)


def test_the_posts_of_somebody_come_in_one_statement(django_assert_num_queries):
    nurse, first, second = make_citizen(), make_site(code="A"), make_site(code="B")
    for site, role in ((second, "screening"), (first, "vaccination"), (first, "screening")):
        StaffMember.objects.create(user=nurse, site=site, role=role)

    with django_assert_num_queries(1):
        posts = sites_of(nurse)

    found = [(post.site_code, post.role) for post in posts]
    assert found == [("A", "screening"), ("A", "vaccination"), ("B", "screening")]


@pytest.mark.parametrize("ended", ["post", "account", "site"])
def test_what_has_ended_gives_no_right_any_more(ended):
    nurse, site = make_citizen(), make_site()
    post = StaffMember.objects.create(user=nurse, site=site, role="vaccination")
    over = {"post": post, "account": nurse, "site": site}[ended]
    over.is_active = False
    over.save()

    assert not works_at(nurse, site)
    assert sites_of(nurse) == []
