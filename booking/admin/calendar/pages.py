"""The calendar's one address: a site's week, a district's fortnight, or the way to one of them."""

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.admin.calendar import links
from booking.admin.calendar.asked import frame
from booking.admin.calendar.district import district_page
from booking.admin.calendar.site import site_page
from booking.models import Slot
from sites.models import District, Site
from sites.scope import Scope, scope_of

_MOST_FOUND = 20


def calendar_page(model_admin: "ModelAdmin[Slot]", request: HttpRequest) -> HttpResponse:
    """Whoever may look at slots sees those of their own part of the city."""
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    if "site" in request.GET:
        return site_page(model_admin, request)
    if "district" in request.GET:
        return district_page(model_admin, request)
    return _choose(model_admin, request)


def _choose(model_admin: "ModelAdmin[Slot]", request: HttpRequest) -> HttpResponse:
    scope, asked = scope_of(request.user), request.GET.get("q", "").strip()
    if not asked and (only := _only_place(scope)):
        return HttpResponseRedirect(only)
    own = scope.of_sites()
    today = timezone.localdate()
    districts = (
        District.objects.filter(sites__in=Site.objects.filter(own, is_active=True))
        .annotate(count=Count("sites"))
        .order_by("code")
    )
    found: list[Site] = []
    if asked:
        named = Q(code__istartswith=asked) | Q(name__contains=asked) | Q(name_en__icontains=asked)
        found = list(Site.objects.filter(own & named).select_related("district").order_by("code")[:_MOST_FOUND])
    context = {
        **frame(model_admin, request, _("号源日历")),
        "q": asked,
        "found": [(site, links.site_week(site.code, today)) for site in found],
        "districts": [(district, links.district_days(district.code, today)) for district in districts],
    }
    return TemplateResponse(request, "admin/booking/slot/calendar/choose.html", context)


def _only_place(scope: Scope) -> str | None:
    """Where somebody goes who is responsible for one site, or for one district."""
    if scope.everywhere or len(scope.sites) + len(scope.districts) != 1:
        return None
    today = timezone.localdate()
    if scope.districts:
        return links.district_days(next(iter(scope.districts)), today)
    return links.site_week(Site.objects.get(pk=next(iter(scope.sites))).code, today)
