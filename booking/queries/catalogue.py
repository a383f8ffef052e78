"""Sites, districts and programmes together, as pages that everybody opens need them.

Kept in each process for some seconds on top of the shared cache: reading three hundred sites from it for every page
would cost more than the page.
"""

from dataclasses import dataclass

from booking.queries.programmes import ProgrammeRow, active_programmes
from sites.kept import Kept
from sites.models import District
from sites.queries import SiteRow, active_sites, districts

# Seconds, on top of what the shared cache keeps.
_in_process = Kept(5)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What can be chosen from, by code, in order of code."""

    sites: dict[str, SiteRow]
    districts: dict[str, District]
    programmes: dict[str, ProgrammeRow]


def catalogue() -> Catalogue:
    """Every active site and programme, and every district."""
    return _in_process.get("catalogue", _catalogue)  # type: ignore[no-any-return]


def _catalogue() -> Catalogue:
    return Catalogue(
        sites={site.code: site for site in active_sites()},
        districts={district.code: district for district in districts()},
        programmes={programme.code: programme for programme in active_programmes()},
    )
