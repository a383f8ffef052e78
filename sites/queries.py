"""Reads about places that more than one door shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from django.core.cache import cache

from sites.kept import Kept
from sites.models import District, Site, StaffMember

_EARTH_METRES = 6_371_000
# Seconds. Sites change a few times a year; an administrator sees a change after this time at the latest.
_KEEP = 30
_in_process = Kept(5)


@dataclass(frozen=True, slots=True)
class SiteRow:
    """An active site. Position in WGS 84 degrees."""

    pk: int
    code: str
    name: str
    name_en: str
    district: str
    address: str
    phone: str
    latitude: float
    longitude: float
    facilities: tuple[str, ...]


def active_sites() -> list[SiteRow]:
    """Every site that is in use, by code."""
    return _in_process.get("active", _active_sites)


def _active_sites() -> list[SiteRow]:
    rows: list[SiteRow] | None = cache.get("sites:active")
    if rows is None:
        rows = [
            SiteRow(
                pk=site.pk,
                code=site.code,
                name=site.name,
                name_en=site.name_en,
                district=site.district_id,
                address=site.address,
                phone=site.phone,
                latitude=site.latitude,
                longitude=site.longitude,
                facilities=tuple(site.facilities),
            )
            for site in Site.objects.filter(is_active=True).order_by("code")
        ]
        cache.set("sites:active", rows, _KEEP)
    return rows


def active_site(code: str) -> SiteRow | None:
    """The site with this code, if it is in use."""
    return next((site for site in active_sites() if site.code == code), None)


def districts() -> list[District]:
    """Every district, by code."""
    return _in_process.get("districts", _districts)


def _districts() -> list[District]:
    rows: list[District] | None = cache.get("sites:districts")
    if rows is None:
        rows = list(District.objects.order_by("code"))
        cache.set("sites:districts", rows, _KEEP)
    return rows


def district_names() -> list[tuple[str, str]]:
    """Code and name of every district, the name in the reader's language, by code."""
    return [(district.code, str(district)) for district in districts()]


def forget_sites() -> None:
    """Sites or districts have changed: the next question reads them again."""
    _in_process.forget()
    cache.delete_many(["sites:active", "sites:districts"])


def distance_m(latitude: float, longitude: float, site: SiteRow | Site) -> int:
    """Metres from a point to the site, along the surface."""
    lat_1, lat_2 = radians(latitude), radians(site.latitude)
    half = sin((lat_2 - lat_1) / 2) ** 2
    half += cos(lat_1) * cos(lat_2) * sin(radians(site.longitude - longitude) / 2) ** 2
    return round(2 * _EARTH_METRES * asin(sqrt(min(half, 1))))


def sites_near(latitude: float, longitude: float, sites: Sequence[SiteRow]) -> list[tuple[SiteRow, int]]:
    """The sites with their distance in metres, nearest first."""
    return sorted(((site, distance_m(latitude, longitude, site)) for site in sites), key=lambda pair: pair[1])


def works_at(user_id: int, site_id: int) -> bool:
    """Whether this account is on duty at the site."""
    return StaffMember.objects.filter(user_id=user_id, site_id=site_id, is_active=True).exists()


@dataclass(frozen=True, slots=True)
class Posts:
    """A site where somebody works, and as what."""

    site: Site
    roles: frozenset[str]


def posts_of(user_id: int) -> list[Posts]:
    """Where the account works now, by the sites' codes."""
    by_site: dict[int, tuple[Site, set[str]]] = {}
    rows = StaffMember.objects.filter(user_id=user_id, is_active=True, site__is_active=True)
    for post in rows.select_related("site").order_by("site__code"):
        by_site.setdefault(post.site_id, (post.site, set()))[1].add(post.role)
    return [Posts(site, frozenset(roles)) for site, roles in by_site.values()]
