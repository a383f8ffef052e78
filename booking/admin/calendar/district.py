"""A district's fortnight: which site has how many places on which day, and the way to change many of them."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.admin.calendar import links
from booking.admin.calendar.asked import Asked, asked_of, date_of, district_of, frame
from booking.models import ChangeKind, Slot
from booking.queries.quotas.calendar_days import unannounced_years
from booking.queries.quotas.district_calendar import DAYS, DistrictCalendar, district_calendar
from sites.models import District, Site
from sites.scope import scope_of


def district_page(model_admin: "ModelAdmin[Slot]", request: HttpRequest) -> HttpResponse:
    """The district of the address with the sites in scope; with `kind`, on to the form of that bulk change."""
    district, asked = district_of(request), asked_of(request)
    sites = list(
        Site.objects.filter(scope_of(request.user).of_sites(), district=district, is_active=True).order_by("code")
    )
    if "kind" in request.GET and (target := _bulk_change(request, sites, asked)):
        return HttpResponseRedirect(target)
    shown = district_calendar(
        sites=sites, first=asked.first, programme_ids=[row.pk for row in asked.shown], now=timezone.now()
    )
    return TemplateResponse(
        request, "admin/booking/slot/calendar/district.html", _context(model_admin, request, district, asked, shown)
    )


def _context(
    model_admin: "ModelAdmin[Slot]", request: HttpRequest, district: District, asked: Asked, shown: DistrictCalendar
) -> dict[str, Any]:
    fortnight = timedelta(days=DAYS)
    ticked = set(request.GET.getlist("site_id"))

    def to(first: Any) -> str:
        return links.district_days(district.code, first, asked.chosen)

    return {
        **frame(model_admin, request, _("号源日历")),
        "district": district,
        "asked": asked,
        "days": shown.days,
        "rows": [
            (
                row.site,
                str(row.site.pk) in ticked,
                [(day, links.site_week(row.site.code, day.day, asked.chosen)) for day in row.days],
            )
            for row in shown.rows
        ],
        "unannounced": unannounced_years(shown.days),
        "before": to(asked.first - fortnight),
        "after": to(asked.first + fortnight),
        "today": to(timezone.localdate()),
        "first_day": date_of(request.GET.get("first_day", "")) or max(asked.first, timezone.localdate()),
        "last_day": date_of(request.GET.get("last_day", "")) or shown.days[-1].date,
    }


def _bulk_change(request: HttpRequest, sites: list[Site], asked: Asked) -> str | None:
    """The prefilled form, or None with a message that says what is missing."""
    if request.GET["kind"] not in ChangeKind:
        raise Http404
    own = {str(site.pk): site.pk for site in sites}
    wanted = request.GET.getlist("site_id")
    if not own.keys() >= set(wanted):
        raise Http404
    first, last = (date_of(request.GET.get(name, "")) for name in ("first_day", "last_day"))
    if not wanted:
        messages.error(request, _("请先勾选接种点。"))
    elif first is None or last is None or last < first:
        messages.error(request, _("请填从哪天到哪天，结束日期不能早于开始日期。"))
    else:
        chosen = [own[key] for key in dict.fromkeys(wanted)]
        return links.change_form(request.GET["kind"], sites=chosen, first=first, last=last, programme=asked.chosen)
    return None
