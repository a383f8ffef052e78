"""The demonstration city: its districts and sites, read from `sites/data` and checked row by row."""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from sites.models import District, Site

DATA = Path(__file__).resolve().parent / "data"

_SITE_COLUMNS = (
    "code", "name", "district_code", "street", "longitude", "latitude", "step_free", "parking", "english",
    "seats_per_half_hour",
)  # fmt: skip
_YES_OR_NO = {"yes": True, "no": False}


class BadCityData(Exception):
    """A row cannot be used; the message names the file, the line and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many districts and sites the city has, and how many of them this call added."""

    districts: int
    sites: int
    new_districts: int
    new_sites: int


def load_city(folder: Path = DATA) -> Loaded:
    """Add the districts and sites that are missing; those that exist are left as somebody may have changed them.

    Reads `changsha-districts.geojson` and `changsha-sites.csv` of the folder. Raises BadCityData, with nothing added,
    if a row of either is unusable.
    """
    districts = read_districts(folder / "changsha-districts.geojson")
    sites = read_sites(folder / "changsha-sites.csv", districts)
    with transaction.atomic():
        new_districts = _add_missing(District, "code", districts)
        new_sites = _add_missing(Site, "code", sites)
    return Loaded(len(districts), len(sites), new_districts, new_sites)


def _add_missing(model: type[Any], field: str, rows: Iterable[Any]) -> int:
    known = set(model.objects.values_list(field, flat=True))
    return len(model.objects.bulk_create(row for row in rows if getattr(row, field) not in known))


def read_districts(path: Path) -> list[District]:
    """The districts of a GeoJSON file, unsaved. Raises BadCityData."""
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return [_district(feature["properties"]) for feature in features]
    except (KeyError, TypeError, ValueError) as error:
        raise BadCityData(f"{path.name}: {error!r}") from None


def _district(properties: dict[str, Any]) -> District:
    longitude, latitude = map(float, properties["centre"])
    return District(
        code=properties["code"],
        name=properties["name"],
        name_en=properties["name_en"],
        longitude=longitude,
        latitude=latitude,
    )


def read_sites(path: Path, districts: Iterable[District]) -> list[Site]:
    """The sites of a CSV file, unsaved, each in one of the districts. Raises BadCityData."""
    by_code = {district.code: district for district in districts}
    sites = []
    seen: set[str] = set()
    for line, row in _rows(path):
        try:
            site = _site(row, by_code)
            site.clean_fields(exclude=["district"])
        except (KeyError, ValueError, ValidationError) as error:
            raise BadCityData(f"{path.name}, line {line}: {error}") from None
        if site.code in seen:
            raise BadCityData(f"{path.name}, line {line}: the code {site.code} is used twice")
        seen.add(site.code)
        sites.append(site)
    return sites


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != _SITE_COLUMNS:
            raise BadCityData(f"{path.name}: the columns must be {','.join(_SITE_COLUMNS)}")
        for row in reader:
            if None in row or None in row.values():
                raise BadCityData(f"{path.name}, line {reader.line_num}: {len(_SITE_COLUMNS)} values are needed")
            yield reader.line_num, row


def _site(row: dict[str, str], districts: dict[str, District]) -> Site:
    if (district := districts.get(row["district_code"])) is None:
        raise ValueError(f"there is no district {row['district_code']!r}")
    if not (row["code"].isascii() and row["code"].isdigit()):
        raise ValueError(f"the code must be digits, not {row['code']!r}")
    seats = int(row["seats_per_half_hour"])
    if not 1 <= seats <= 1000:
        raise ValueError(f"{seats} places per half hour is not plausible")
    return Site(
        code=row["code"],
        name=row["name"],
        name_en=f"{district.name_en} site {row['code'][-5:]}",
        district=district,
        street=row["street"],
        address=f"长沙市{district.name}{row['street']}{_house_number(row['code'])}号",
        phone=f"0731-0000 {_last_four(row['code'])}",
        longitude=_degrees(row["longitude"], 180),
        latitude=_degrees(row["latitude"], 90),
        quota_per_half_hour=seats,
        **{name: _yes_or_no(name, row[name]) for name in ("step_free", "parking", "english")},
    )


def _degrees(text: str, limit: int) -> float:
    degrees = float(text)
    # Written so that "nan" is refused too.
    if not -limit <= degrees <= limit:
        raise ValueError(f"{text} is not a coordinate")
    return degrees


def _yes_or_no(name: str, text: str) -> bool:
    if text not in _YES_OR_NO:
        raise ValueError(f"{name} must be yes or no, not {text!r}")
    return _YES_OR_NO[text]


def _house_number(code: str) -> int:
    return int(code[-5:]) * 7 % 298 + 1


def _last_four(code: str) -> str:
    return f"{int(code[-5:]) % 1000:04}"
