"""A site's week: looked at, and set cell by cell."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audited import note
from booking.admin.calendar import links
from booking.admin.calendar.asked import Asked, asked_of, frame, may, site_of
from booking.admin.calendar.form import NumbersForm, posted_cells, saved_events, what_is_wrong
from booking.admin.calendar.outcomes import Saved
from booking.models import Slot
from booking.operations.quotas.each_cell import Cell
from booking.operations.quotas.set_cells import close_cells, reopen_cells, set_cells
from booking.operations.quotas.undo_cells import events_to_undo, undo_cells
from booking.queries.quotas.calendar_days import unannounced_years
from booking.queries.quotas.site_calendar import DAYS, DayColumn, site_calendar, slot_cells
from sites.models import Site

_NEEDS = {"save": "change", "undo": "change", "close": "close", "reopen": "close"}


def site_page(model_admin: "ModelAdmin[Slot]", request: HttpRequest) -> HttpResponse:
    """The week of the address; a POST changes the cells that were ticked."""
    site, asked = site_of(request), asked_of(request)
    if request.method != "POST":
        return _page(model_admin, request, site, asked)
    act = request.POST.get("act", "")
    if act not in _NEEDS:
        raise Http404
    if not getattr(may(request), _NEEDS[act]):
        raise PermissionDenied
    if act == "undo":
        return _undo(model_admin, request, site, asked)
    cells = posted_cells(request, site)
    if wrong := what_is_wrong(cells):
        messages.error(request, wrong)
        return _page(model_admin, request, site, asked, form=NumbersForm(request.POST), ticked=cells)
    if act == "save":
        return _save(model_admin, request, site, asked, cells)
    return _close(model_admin, request, site, asked, cells, closing=act == "close")


def _save(
    model_admin: "ModelAdmin[Slot]", request: HttpRequest, site: Site, asked: Asked, cells: list[Cell]
) -> HttpResponse:
    form = NumbersForm(request.POST)
    if not form.is_valid():
        return _page(model_admin, request, site, asked, form=form, ticked=cells)
    done = Saved(set_cells(wanted=form.changes(cells), by=request.user.pk, now=timezone.now()))
    return _told(model_admin, request, site, asked, done, form)


def _close(
    model_admin: "ModelAdmin[Slot]", request: HttpRequest, site: Site, asked: Asked, cells: list[Cell], *, closing: bool
) -> HttpResponse:
    now = timezone.now()
    if closing and "confirmed" not in request.POST:
        affected = [cell for cell in slot_cells([c.slot_id for c in cells], now=now) if cell.taken and not cell.is_over]
        if affected:
            days = [timezone.localdate(cell.starts_at) for cell in affected]
            context = {
                **frame(model_admin, request, _("确认停诊")),
                "site": site,
                "cells": cells,
                "affected": affected,
                "taken": sum(cell.taken for cell in affected),
                "back": links.site_week(site.code, asked.first, asked.chosen),
                "bulk": links.change_form(
                    "close", sites=[site.pk], first=min(days), last=max(days), programme=asked.chosen
                ),
            }
            return TemplateResponse(request, "admin/booking/slot/calendar/close.html", context)
    act = close_cells if closing else reopen_cells
    done = Saved(act(wanted=cells, by=request.user.pk, now=now))
    return _told(model_admin, request, site, asked, done, NumbersForm())


def _undo(model_admin: "ModelAdmin[Slot]", request: HttpRequest, site: Site, asked: Asked) -> HttpResponse:
    saved = saved_events(request.POST.get("undo", ""))
    if saved is None:
        raise Http404
    by = request.user.pk
    assert by is not None
    done = Saved(undo_cells(saved=saved, site_id=site.pk, by=by, now=timezone.now()), is_undo=True)
    return _told(model_admin, request, site, asked, done, NumbersForm())


def _told(
    model_admin: "ModelAdmin[Slot]", request: HttpRequest, site: Site, asked: Asked, done: Saved, form: NumbersForm
) -> HttpResponse:
    """After a save: on to a fresh page if all is done; else the page with what was refused, and what was typed."""
    if done.changed:
        act = request.POST.get("act", "save")
        numbers = {name: value for name, value in getattr(form, "cleaned_data", {}).items() if value is not None}
        after = {"slots": len(done.changed), **numbers}
        note(request, "change" if act == "save" else act, site, site.name, after=after, district_code=site.district_id)
    if not done.refused:
        messages.success(request, done.sentence())
        return HttpResponseRedirect(links.site_week(site.code, asked.first, asked.chosen, undo=done.undo))
    ticked = [Cell(outcome.slot_id, 0) for outcome in done.refused]
    return _page(model_admin, request, site, asked, form=form, ticked=ticked, done=done)


def _page(
    model_admin: "ModelAdmin[Slot]",
    request: HttpRequest,
    site: Site,
    asked: Asked,
    *,
    form: NumbersForm | None = None,
    ticked: list[Cell] | None = None,
    done: Saved | None = None,
) -> HttpResponse:
    now = timezone.now()
    shown = site_calendar(site_id=site.pk, first=asked.first, programmes=asked.shown, now=now)
    context = {
        **frame(model_admin, request, _("号源日历")),
        "site": site,
        "asked": asked,
        "columns": [(column, _day_links(site, column, asked)) for column in shown.columns],
        "rows": shown.rows,
        "several": len({cell.programme.pk for cell in shown.cells()}) > 1,
        "unannounced": unannounced_years([column.day for column in shown.columns]),
        "form": form or NumbersForm(),
        "ticked": {cell.slot_id for cell in ticked or ()},
        "done": done,
        "refused": done.lines(now=now) if done else [],
        "undo": done.undo if done else _undo_of(request, site),
        **_ways(site, asked),
    }
    return TemplateResponse(request, "admin/booking/slot/calendar/site.html", context)


def _undo_of(request: HttpRequest, site: Site) -> str:
    """The save that the address says can be taken back, if it still can."""
    text = request.GET.get("undo", "")
    saved, by = saved_events(text), request.user.pk
    if saved is None or by is None:
        return ""
    return text if events_to_undo(saved=saved, site_id=site.pk, by=by, now=timezone.now()) else ""


def _ways(site: Site, asked: Asked) -> dict[str, Any]:
    week, today = timedelta(days=DAYS), timezone.localdate()
    last = asked.first + timedelta(days=DAYS - 1)

    def to(first: Any) -> str:
        return links.site_week(site.code, first, asked.chosen)

    def bulk(kind: str) -> str:
        return links.change_form(kind, sites=[site.pk], first=asked.first, last=last, programme=asked.chosen)

    return {
        "here": to(asked.first),
        "before": to(asked.first - week),
        "after": to(asked.first + week),
        "today": to(today),
        "last": last,
        "copy": bulk("copy"),
        "plan": bulk("plan"),
        "publish": links.publish_form(site=site.code, day=max(asked.first, today)),
        "up": links.district_days(site.district_id, asked.first, asked.chosen),
    }


def _day_links(site: Site, column: DayColumn, asked: Asked) -> dict[str, str]:
    """What can be done with the whole day; nothing once it has passed."""
    if column.day.is_past:
        return {}
    day = column.day.date

    def bulk(kind: str) -> str:
        return links.change_form(kind, sites=[site.pk], first=day, last=day, programme=asked.chosen)

    found = {"propose_plan": bulk("plan"), "propose_close": bulk("close")}
    if column.open_slots:
        found["close"] = bulk("close")
    if column.closed_slots or column.is_closed_day:
        found["reopen"] = bulk("reopen")
    return found
