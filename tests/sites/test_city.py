"""The city's files are read row by row, and nothing is added if one row is wrong."""

import re
import shutil

import pytest

from sites.city import DATA, BadCityData, load_city
from sites.models import District, Site

HEADER = "code,name,district_code,street,longitude,latitude,step_free,parking,english,seats_per_half_hour"
GOOD = "43010200101,文艺路街道社区卫生服务中心,430102,文艺路街道,112.99,28.18,yes,no,no,20"


@pytest.fixture
def folder(tmp_path):
    shutil.copy(DATA / "changsha-districts.geojson", tmp_path)
    return tmp_path


def _write(folder, *rows, header=HEADER):
    (folder / "changsha-sites.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")


@pytest.mark.django_db
def test_the_city_has_nine_districts_and_298_sites():
    loaded = load_city()

    assert (loaded.districts, loaded.sites) == (District.objects.count(), Site.objects.count()) == (9, 298)
    assert sum(Site.objects.values_list("quota_per_half_hour", flat=True)) == 6790


@pytest.mark.django_db
def test_every_site_can_be_found_and_nobody_real_can_be_rung_up():
    load_city()

    for site in Site.objects.select_related("district"):
        assert site.street in site.address
        assert site.district.name in site.address
        assert site.name_en.startswith(site.district.name_en)
        assert re.fullmatch(r"0731-0000 0\d{3}", site.phone)
    assert Site.objects.values("name_en").distinct().count() == 298


@pytest.mark.django_db
def test_a_second_load_keeps_what_somebody_changed():
    load_city()
    Site.objects.filter(code="43010200101").update(name="新名字", is_active=False)
    Site.objects.filter(code="43010200102").delete()

    loaded = load_city()

    assert (loaded.new_districts, loaded.new_sites) == (0, 1)
    assert Site.objects.get(code="43010200101").name == "新名字"
    assert not Site.objects.get(code="43010200101").is_active


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (GOOD.replace("430102,", "999999,"), "no district '999999'"),
        (GOOD.replace("112.99", "212.99"), "212.99 is not a coordinate"),
        (GOOD.replace("28.18", "nan"), "nan is not a coordinate"),
        (GOOD.replace("yes", "perhaps"), "step_free must be yes or no, not 'perhaps'"),
        (GOOD.replace(",20", ",二十"), "二十"),
        (GOOD.replace(",20", ",0"), "0 places per half hour"),
        (GOOD.removesuffix(",20"), "10 values are needed"),
        (GOOD + ",1", "10 values are needed"),
        (GOOD.replace("43010200101,", ","), "the code must be digits"),
        (GOOD.replace("43010200101", "4" * 30), "20"),
        (GOOD, "43010200101 is used twice"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_added(folder, wrong, says):
    _write(folder, GOOD, wrong)

    with pytest.raises(BadCityData) as refused:
        load_city(folder)

    assert "line 3" in str(refused.value)
    assert says in str(refused.value)
    assert not Site.objects.exists()
    assert not District.objects.exists()


@pytest.mark.django_db
def test_a_file_with_other_columns_is_refused(folder):
    _write(folder, header="code,name")

    with pytest.raises(BadCityData, match="the columns must be code,name,district_code"):
        load_city(folder)


@pytest.mark.django_db
def test_a_broken_border_file_is_refused(folder):
    (folder / "changsha-districts.geojson").write_text('{"features": [{"properties": {"code": "430102"}}]}')
    _write(folder, GOOD)

    with pytest.raises(BadCityData, match=r"changsha-districts.geojson"):
        load_city(folder)
