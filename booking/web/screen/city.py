"""The city screen on a wall. It signs in nobody and changes nothing: a cookie of its own says what it may show."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import address_of
from booking.models import PublicScreen
from booking.operations.screens.pairing import Code, code_for, known_by
from booking.queries.city_screen.alerts import open_alerts
from booking.queries.city_screen.counted import counted
from booking.queries.city_screen.screen import Screen, screen
from booking.queries.desk.screens import screen_known_by
from booking.queries.moments import moment
from booking.web.screen.page import give_secret
from sites.kept import Kept

COOKIE = "city_screen"
# All screens of a wall, and of all walls, ask at once.
_kept = Kept(2, most=200)


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The screen, complete as it comes; or the code to be typed in the admin, until somebody has."""
    now = timezone.now()
    said = request.COOKIES.get(COOKIE, "")
    paired = _paired(said)
    if paired is not None:
        return render(request, "city_screen/page.html", {**_shown(request, paired, now), "is_wall": True})
    response = render(request, "city_screen/pairing.html", {"code": _code(request, said, now)})
    if not said or _ended(said):
        give_secret(response, COOKIE, reverse("city_wall"))
    return response


@never_cache
@require_safe
def state(request: HttpRequest) -> JsonResponse:
    """What the screen shows now, as it is to be put into it; `html` is null until it is paired and once it is ended."""
    now = timezone.now()
    said = request.COOKIES.get(COOKIE, "")
    paired = _paired(said)
    if paired is None:
        code = _code(request, said, now)
        return JsonResponse({"now": moment(now), "html": None, "code": code.digits if code else None})
    made = _shown(request, paired, now)
    key = (paired.district_id, request.GET.get("district", ""), get_language(), moment(made["screen"].counted_at))
    html = _kept.get(key, lambda: render_to_string("city_screen/live.html", {**made, "is_wall": True}, request))
    return JsonResponse({"now": moment(now), "told_at": moment(made["screen"].told_at), "html": html})


def _paired(said: str) -> PublicScreen | None:
    found = screen_known_by(known_by(said)) if said else None
    return found if found is not None and found.site_id is None and found.ended_at is None else None


def _ended(said: str) -> bool:
    found = screen_known_by(known_by(said))
    return found is not None and found.ended_at is not None


def _code(request: HttpRequest, said: str, now: datetime) -> Code | None:
    # Without a cookie it can never be paired; the page gives it one.
    if not said or _ended(said):
        return None
    return code_for(known_by(said), address=address_of(request), now=now, of_city=True)


def _shown(request: HttpRequest, paired: PublicScreen, now: datetime) -> dict[str, Any]:
    chosen = request.GET.get("district", "")
    key = (paired.district_id, chosen, get_language())
    made: Screen = _kept.get(key, lambda: _screen(paired, chosen, now))
    return {"screen": made, "now": now, "wall_of": str(paired.district) if paired.district else ""}


def _screen(paired: PublicScreen, chosen: str, now: datetime) -> Screen:
    districts = None if paired.district_id is None else [paired.district_id]
    alerts = open_alerts(districts=districts)
    return screen(counted(now=now), alerts, districts=districts, chosen=chosen, now=now)
