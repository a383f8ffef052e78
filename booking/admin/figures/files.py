"""The same figures as CSV files."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.admin_steps import fresh_code_first
from accounts.audited import note
from accounts.spreadsheets import csv_bytes
from booking.admin.figures.asked import Asked, asked
from booking.queries.figures.heatmap import BY_HOUR, heatmap
from booking.queries.figures.trends import Period, trends


def heatmap_file(request: HttpRequest, model_admin: "ModelAdmin[Any]") -> HttpResponse:
    """A line for each cell that has data."""
    wanted = _may_export(asked(model_admin, request))
    found = heatmap(wanted.selection, by=wanted.by)
    numbers = [_("号源数"), _("已占"), _("百分比")]
    rows: Iterable[Sequence[Any]]
    if wanted.by == BY_HOUR:
        header = [_("星期"), _("小时"), *numbers]
        rows = (
            (weekday, row.of, cell.quota, cell.taken, cell.percent)
            for row in found.rows
            for weekday, cell in zip(found.columns, row.cells, strict=True)
            if cell.quota
        )
    else:
        header = [_("日期"), _("区县"), _("编号"), _("接种点"), *numbers]
        rows = (
            (day.isoformat(), row.of.district.name, row.of.code, row.of.name, cell.quota, cell.taken, cell.percent)  # type: ignore[union-attr]
            for row in found.rows
            for day, cell in zip(found.columns, row.cells, strict=True)
            if cell.quota
        )
    return _file(request, f"heatmap-{wanted.by}", wanted, header, rows)


def trends_file(request: HttpRequest, model_admin: "ModelAdmin[Any]") -> HttpResponse:
    """?table=bookings or no_shows by day, or lead by week."""
    wanted = _may_export(asked(model_admin, request, trends=True))
    table = request.GET.get("table", "bookings")
    if table not in _TABLES:
        raise Http404
    found = trends(wanted.selection)
    periods = found.weeks if table == "lead" else found.days
    header, row = _TABLES[table]
    return _file(request, table.replace("_", "-"), wanted, header(), map(row, periods))


def _bookings(day: Period) -> tuple[Any, ...]:
    return day.first.isoformat(), day.quota, day.booked, day.booked_before, day.change, day.cancelled


def _no_shows(day: Period) -> tuple[Any, ...]:
    return day.first.isoformat(), day.fulfilled, day.no_show, day.no_show_rate, day.no_show_rate_before


def _lead_times(week: Period) -> tuple[Any, ...]:
    return week.first.isoformat(), week.last.isoformat(), week.booked, week.lead, week.lead_before


_TABLES = {
    "bookings": (
        lambda: [_("日期"), _("号源数"), _("已约"), _("上周同日"), _("增减百分比"), _("已取消")],
        _bookings,
    ),
    "no_shows": (lambda: [_("日期"), _("已接种"), _("未到"), _("未到率（百分比）"), _("上周同日")], _no_shows),
    "lead": (lambda: [_("从哪天"), _("到哪天"), _("已约"), _("平均提前天数"), _("上一周")], _lead_times),
}


def _may_export(wanted: Asked) -> Asked:
    if not wanted.may_export:
        raise PermissionDenied
    return wanted


def _file(
    request: HttpRequest, name: str, wanted: Asked, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    if (to_do := fresh_code_first(request)) is not None:
        return to_do
    first, last = wanted.selection.first.isoformat(), wanted.selection.last.isoformat()
    label = f"{name}-{first}-{last}.csv"
    note(request, "export", "booking.hourfigure", label)
    headers = {
        "Content-Disposition": f'attachment; filename="{label}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(csv_bytes(header, rows), content_type="text/csv; charset=utf-8", headers=headers)
