"""The screen itself, for whoever has signed in; and the same as JSON, for its script."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.queries.city_screen.alerts import open_alerts
from booking.queries.city_screen.counted import counted
from booking.queries.city_screen.screen import screen
from booking.queries.moments import moment
from sites.models import Site
from sites.scope import scope_of

SEE, HANDLE = "booking.see_city_screen", "booking.handle_alert"


@never_cache
@require_safe
def city_screen(request: HttpRequest) -> HttpResponse:
    """The page, complete as it comes: its script only brings it up to date."""
    return render(request, "city_screen/page.html", {**live(request), **_about(request)})


@never_cache
@require_safe
def city_state(request: HttpRequest) -> JsonResponse:
    """What the page shows now, as it is to be put into it."""
    context = live(request)
    shown = context["screen"]
    html = render_to_string("city_screen/live.html", {**context, **_about(request)}, request)
    return JsonResponse({"now": moment(context["now"]), "told_at": moment(shown.told_at), "html": html})


def live(request: HttpRequest) -> dict[str, Any]:
    """The screen of the caller's part of the city. 403 for whoever may not see it."""
    if not request.user.has_perm(SEE):  # type: ignore[union-attr]
        raise PermissionDenied
    now, scope = timezone.now(), scope_of(request.user)
    chosen = request.GET.get("district", "")
    alerts = open_alerts(scope=scope)
    shown = screen(counted(now=now), alerts, districts=own_districts(request), chosen=chosen, now=now)
    return {"screen": shown, "now": now}


def own_districts(request: HttpRequest) -> Collection[str] | None:
    """The codes of the districts that the caller sees; None for all."""
    scope = scope_of(request.user)
    if scope.everywhere:
        return None
    return scope.districts | set(Site.objects.filter(pk__in=scope.sites).values_list("district_id", flat=True))


def _about(request: HttpRequest) -> dict[str, Any]:
    return {"may_handle": request.user.has_perm(HANDLE), "is_wall": False}  # type: ignore[union-attr]
