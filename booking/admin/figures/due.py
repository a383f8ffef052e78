"""Which later doses become due in the next weeks: to look at, and as a file."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.admin_steps import fresh_code_first
from accounts.audited import note
from accounts.spreadsheets import csv_bytes
from booking.admin.figures.asked import EXPORT
from booking.admin.figures.charts import due_chart
from booking.models import Programme
from booking.queries.due_doses import DueWeek, forecast, series, weeks_between
from sites.models import District
from sites.scope import scope_of

# So many weeks back, for those who have not come yet, and ahead.
_WEEKS_BACK, _WEEKS_AHEAD = 4, 12


@dataclass(frozen=True, slots=True)
class _Sum:
    """A line of a table: what it is about, and the three numbers."""

    of: Any
    due: int
    booked: int

    @property
    def open(self) -> int:
        return self.due - self.booked


@dataclass(frozen=True, slots=True)
class _Asked:
    first: date
    last: date
    programmes: list[Programme]
    programme: Programme | None
    districts: list[District]
    district: District | None
    everywhere: bool

    def rows(self) -> list[DueWeek]:
        chosen = [self.programme] if self.programme else self.programmes
        own = None if self.everywhere else [one.code for one in self.districts]
        within = [self.district.code] if self.district else own
        return forecast(first=self.first, last=self.last, programmes=chosen, districts=within)


def due_page(request: HttpRequest, model_admin: "ModelAdmin[Any]") -> HttpResponse:
    """By week, by programme and by district, as tables and a chart."""
    wanted = _asked(request, model_admin)
    rows = wanted.rows()
    names = {one.code: one for one in wanted.districts}
    weeks = weeks_between(wanted.first, wanted.last)
    by_week = _sums(rows, lambda row: row.monday, weeks)
    kept = {"programme": wanted.programme, "district": wanted.district}
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("后续剂次预测"),
        "tab": "due",
        "wanted": wanted,
        "this_week": weeks[_WEEKS_BACK],
        "weeks": by_week,
        "total": _Sum(None, sum(one.due for one in by_week), sum(one.booked for one in by_week)),
        "programmes": _sums(rows, lambda row: (row.programme, row.dose)),
        "districts": [_Sum(names.get(one.of), one.due, one.booked) for one in _sums(rows, lambda row: row.district)],
        "chart": due_chart([(one.of, one.due) for one in by_week], weeks[_WEEKS_BACK] - timedelta(days=1)),
        "may_export": request.user.has_perm(EXPORT),  # type: ignore[union-attr]
        "query": urlencode({name: one.code for name, one in kept.items() if one}),
    }
    return TemplateResponse(request, "admin/booking/hourfigure/due.html", context)


def due_file(request: HttpRequest, model_admin: "ModelAdmin[Any]") -> HttpResponse:
    """A line for each week, programme, district and dose."""
    wanted = _asked(request, model_admin)
    if not request.user.has_perm(EXPORT):  # type: ignore[union-attr]
        raise PermissionDenied
    if (first := fresh_code_first(request)) is not None:
        return first
    names = {one.code: one.name for one in wanted.districts}
    header = [
        _("从哪天"), _("接种项目代码"), _("接种项目"), _("疫苗"), _("区县代码"), _("区县"), _("第几剂"), _("到期"),
        _("已约"), _("还没约"),
    ]  # fmt: skip
    lines = (
        (
            row.monday.isoformat(), row.programme.code, row.programme.name, row.programme.vaccine.name, row.district,
            names.get(row.district, ""), row.dose, row.due, row.booked, row.open,
        )
        for row in wanted.rows()
    )  # fmt: skip
    label = f"due-doses-{wanted.first.isoformat()}-{wanted.last.isoformat()}.csv"
    note(request, "export", "booking.hourfigure", label)
    headers = {"Content-Disposition": f'attachment; filename="{label}"', "Cache-Control": "no-store"}
    return HttpResponse(csv_bytes(header, lines), content_type="text/csv; charset=utf-8", headers=headers)


def may_see_due(request: HttpRequest) -> bool:
    """Whether somebody looks after a whole district: a person is of a district, and of no site."""
    scope = scope_of(request.user)
    return scope.everywhere or bool(scope.districts)


def _asked(request: HttpRequest, model_admin: "ModelAdmin[Any]") -> _Asked:
    if not model_admin.has_view_permission(request) or not may_see_due(request):
        raise PermissionDenied
    scope, today = scope_of(request.user), timezone.localdate()
    districts = list(District.objects.filter(scope.of_districts()).order_by("code").distinct())
    programmes = series()
    monday = today - timedelta(days=today.weekday())
    return _Asked(
        first=monday - timedelta(weeks=_WEEKS_BACK),
        last=monday + timedelta(weeks=_WEEKS_AHEAD, days=-1),
        programmes=programmes,
        programme=_chosen(programmes, request.GET.get("programme", "")),
        districts=districts,
        district=_chosen(districts, request.GET.get("district", "")),
        everywhere=scope.everywhere,
    )


def _chosen(among: Iterable[Any], code: str) -> Any:
    if not code:
        return None
    found = next((one for one in among if one.code == code), None)
    if found is None:
        raise Http404
    return found


def _sums(rows: Iterable[DueWeek], key: Any, order: Iterable[Hashable] = ()) -> list[_Sum]:
    due: dict[Hashable, int] = defaultdict(int, dict.fromkeys(order, 0))
    booked: dict[Hashable, int] = defaultdict(int)
    for row in rows:
        due[key(row)] += row.due
        booked[key(row)] += row.booked
    return [_Sum(of, count, booked[of]) for of, count in due.items()]
