"""The pages with figures, and the button that has them counted now."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from booking.admin.figures.asked import Asked, asked
from booking.admin.figures.charts import bookings_chart, lead_chart, no_show_chart
from booking.admin.figures.due import may_see_due
from booking.operations.count_figures import ask_for_counting
from booking.queries.figures.heatmap import BY_HOUR, heatmap
from booking.queries.figures.selection import Selection
from booking.queries.figures.trends import today, trends

_LEGEND = (("low", "<40%"), ("middle", "40–69%"), ("high", "70–89%"), ("nearly", "90–99%"), ("full", "100%"))


def heatmap_page(request: HttpRequest, model_admin: "ModelAdmin[Any]") -> HttpResponse:
    """Site by day, or hour by weekday."""
    wanted = asked(model_admin, request)
    found = heatmap(wanted.selection, by=wanted.by)
    context = {
        **_frame(request, model_admin, wanted, title=_("号源使用率")),
        "tab": wanted.by,
        "found": found,
        "counted_at": found.counted_at,
        "legend": _LEGEND,
        "quota": f"{found.foot.total.quota:,}",
        "taken": f"{found.foot.total.taken:,}",
        "today": timezone.localdate(),
        "shortcuts": _shortcuts(request, wanted.selection),
    }
    template = "hours.html" if wanted.by == BY_HOUR else "sites.html"
    return TemplateResponse(request, f"admin/booking/hourfigure/{template}", context)


def trends_page(request: HttpRequest, model_admin: "ModelAdmin[Any]") -> HttpResponse:
    """Bookings, no-shows and lead times, as charts with their tables."""
    wanted = asked(model_admin, request, trends=True)
    now = timezone.localtime()
    found = trends(wanted.selection)
    context = {
        **_frame(request, model_admin, wanted, title=_("走势")),
        "tab": "trends",
        "found": found,
        "counted_at": found.counted_at,
        "today": today(wanted.selection, day=now.date(), hour=now.hour),
        "charts": [
            bookings_chart(found.days, now.date()),
            no_show_chart(found.days),
            lead_chart(found.weeks),
        ],
    }
    return TemplateResponse(request, "admin/booking/hourfigure/trends.html", context)


@require_POST
def count_now(request: HttpRequest, model_admin: "ModelAdmin[Any]") -> HttpResponse:
    """Have the figures counted; the page says when to look again."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    if ask_for_counting(now=timezone.now()):
        messages.success(request, _("正在统计。大约一分钟后刷新这个页面。"))
    else:
        messages.info(request, _("刚刚已经有人点过，正在统计。大约一分钟后刷新这个页面。"))
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if ours else reverse("admin:booking_hourfigure_heatmap"))


def _frame(request: HttpRequest, model_admin: "ModelAdmin[Any]", wanted: Asked, *, title: str) -> dict[str, Any]:
    selection = wanted.selection
    kept = {
        "district": selection.district.code if selection.district else "",
        "site": selection.site.code if selection.site else "",
        "programme": selection.programme.code if selection.programme else "",
        "first": selection.first.isoformat(),
        "last": selection.last.isoformat(),
    }
    codes = {name: value for name, value in kept.items() if value and name in ("district", "site", "programme")}
    return {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "days": wanted.days,
        "selection": selection,
        "now_day": timezone.localtime().strftime("%Y%m%d"),
        "may_export": wanted.may_export,
        "may_see_due": may_see_due(request),
        # What a link to another page of these takes along: everything, or all but the days.
        "query": urlencode({name: value for name, value in kept.items() if value}),
        "codes": urlencode(codes),
        "without_site": urlencode({name: value for name, value in kept.items() if value and name != "site"}),
    }


def _shortcuts(request: HttpRequest, selection: Selection) -> list[tuple[str, str, bool]]:
    day = timezone.localdate()
    wanted: list[tuple[str, date, date]] = [
        (_("今后 14 天"), day, day + timedelta(days=13)),
        (_("今后 28 天"), day, day + timedelta(days=27)),
        (_("过去 14 天"), day - timedelta(days=14), day - timedelta(days=1)),
        (_("过去 35 天"), day - timedelta(days=35), day - timedelta(days=1)),
    ]
    shown = []
    for label, first, last in wanted:
        address = request.GET.copy()
        address["first"], address["last"] = first.isoformat(), last.isoformat()
        shown.append((label, f"?{address.urlencode()}", (first, last) == (selection.first, selection.last)))
    return shown
