"""What the doors ask about places: which there are, how far they are, and who works there."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Protocol

from django.db.models import QuerySet

from sites.models import Site, StaffMember

_EARTH_RADIUS_M = 6_371_008.8


class Identified(Protocol):
    """Anything with an `id`: a User, the account behind a token, a Site, a SitePlace."""

    @property
    def id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class SitePlace:
    """A site as it is shown. Positions are WGS 84 degrees; `quota_per_half_hour` is how many people it can take."""

    id: int
    code: str
    name: str
    name_en: str
    district_code: str
    district: str
    district_en: str
    street: str
    address: str
    phone: str
    latitude: float
    longitude: float
    facilities: tuple[str, ...]
    quota_per_half_hour: int


@dataclass(frozen=True, slots=True)
class NearSite:
    """A site, and how far away it is as the crow flies, in whole metres."""

    site: SitePlace
    distance_m: int


@dataclass(frozen=True, slots=True)
class Post:
    """Where somebody works, and as what: `role` is a value of sites.models.DeskRole."""

    site_id: int
    site_code: str
    site_name: str
    role: str


def active_sites(*, district_code: str | None = None) -> list[SitePlace]:
    """The sites in use, by code, with their district; one statement. Without a district code: of the whole city."""
    sites = Site.objects.filter(is_active=True).select_related("district").order_by("code")
    if district_code is not None:
        sites = sites.filter(district_id=district_code)
    return [_place(site) for site in sites]


def sites_near(latitude: float, longitude: float, sites: Iterable[SitePlace]) -> list[NearSite]:
    """The sites with their distances from that point (WGS 84 degrees), nearest first, equal distances by code."""
    near = [NearSite(site, distance_m(latitude, longitude, site.latitude, site.longitude)) for site in sites]
    return sorted(near, key=lambda found: (found.distance_m, found.site.code))


def distance_m(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> int:
    """Metres between two points on the globe (degrees), by the haversine formula; good to half a percent."""
    phi, other_phi = radians(latitude), radians(other_latitude)
    half_chord = (
        sin((other_phi - phi) / 2) ** 2 + cos(phi) * cos(other_phi) * sin(radians(other_longitude - longitude) / 2) ** 2
    )
    # Rounding may bring opposite points a hair above one.
    return round(2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(half_chord))))


def works_at(user: Identified, site: Identified) -> bool:
    """Whether this account has a post at the site now. False for closed accounts and sites out of use."""
    return _posts(user).filter(site_id=site.id).exists()


def sites_of(user: Identified) -> list[Post]:
    """The posts that this account has now, by site and role; one statement."""
    posts = _posts(user).select_related("site").order_by("site__code", "role")
    return [Post(post.site_id, post.site.code, post.site.name, post.role) for post in posts]


def _posts(user: Identified) -> QuerySet[StaffMember]:
    return StaffMember.objects.filter(user_id=user.id, is_active=True, user__is_active=True, site__is_active=True)


def _place(site: Site) -> SitePlace:
    return SitePlace(
        id=site.pk,
        code=site.code,
        name=site.name,
        name_en=site.name_en or site.name,
        district_code=site.district_id,
        district=site.district.name,
        district_en=site.district.name_en,
        street=site.street,
        address=site.address,
        phone=site.phone,
        latitude=site.latitude,
        longitude=site.longitude,
        facilities=tuple(site.facilities),
        quota_per_half_hour=site.quota_per_half_hour,
    )
