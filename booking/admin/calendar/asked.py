"""What an address of the calendar asks for. What lies outside the account's scope is not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest
from django.utils import timezone

from booking.models import Programme, Slot
from booking.queries.quotas.calendar_days import monday_of
from sites.models import District, Site
from sites.scope import scope_of

_YEARS = range(2020, 2100)


@dataclass(frozen=True, slots=True)
class Asked:
    """The days and programmes to show. `chosen` is the programme's code, empty for all of them."""

    first: date
    programmes: Sequence[Programme]
    chosen: str

    @property
    def shown(self) -> list[Programme]:
        """Those whose slots are shown."""
        return [programme for programme in self.programmes if self.chosen in ("", programme.code)]


@dataclass(frozen=True, slots=True)
class May:
    """What the account may do here, so that pages offer nothing else."""

    change: bool
    close: bool
    bulk: bool
    publish: bool


def asked_of(request: HttpRequest) -> Asked:
    """Days and programmes of the address. A date that is none means today; an unknown programme is not there."""
    programmes = list(Programme.objects.order_by("code"))
    chosen = request.GET.get("programme", "")
    if chosen and chosen not in {programme.code for programme in programmes}:
        raise Http404
    day = date_of(request.GET.get("first", "")) or timezone.localdate()
    return Asked(monday_of(day), programmes, chosen)


def date_of(text: str) -> date | None:
    """The date that was written, None if it is none, or none of our time."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def site_of(request: HttpRequest) -> Site:
    """The site of the address, if it is the account's to look at."""
    wanted = Site.objects.filter(scope_of(request.user).of_sites(), code=request.GET["site"])
    found = wanted.select_related("district").first()
    if found is None:
        raise Http404
    return found


def district_of(request: HttpRequest) -> District:
    """The district of the address, if the account has anything to look at there."""
    wanted = District.objects.filter(scope_of(request.user).of_districts(), code=request.GET["district"])
    found = wanted.first()
    if found is None:
        raise Http404
    return found


def may(request: HttpRequest) -> May:
    """The account's permissions for what the calendar leads to."""
    user: Any = request.user
    return May(
        change=user.has_perm("booking.change_slot"),
        close=user.has_perm("booking.close_slot"),
        bulk=user.has_perm("booking.add_quotachange"),
        publish=user.has_perm("booking.add_slot"),
    )


def frame(model_admin: "ModelAdmin[Slot]", request: HttpRequest, title: str) -> dict[str, Any]:
    """What every page of the calendar has. Without the list of tables at its side: a week needs the whole width."""
    return {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "is_nav_sidebar_enabled": False,
        "may": may(request),
    }
