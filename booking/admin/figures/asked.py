"""What a request asks to see: days from a small form, codes from the address, and whether it may."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.queries.figures.heatmap import BY_HOUR, BY_SITE
from booking.queries.figures.selection import Selection, select
from sites.scope import scope_of

MOST_DAYS = 35
EXPORT = "booking.export_figures"
# What the pages show unless asked otherwise: what can be booked, and for trends three weeks more.
_AHEAD = 13
_BACK_FOR_TRENDS = 21


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        # What browsers take for the value of a date field, in every language.
        super().__init__(format="%Y-%m-%d")


class Days(forms.Form):
    """From a day to a day."""

    first = forms.DateField(label=gettext_lazy("从哪天"), widget=_Day, input_formats=["%Y-%m-%d"])
    last = forms.DateField(label=gettext_lazy("到哪天"), widget=_Day, input_formats=["%Y-%m-%d"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors:
            if found["last"] < found["first"]:
                self.add_error("last", _("结束日期不能早于开始日期。"))
            elif (found["last"] - found["first"]).days >= MOST_DAYS:
                self.add_error("last", _("一次最多看 %(most)d 天。") % {"most": MOST_DAYS})
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """The days as they were typed, with what is wrong with them, and the selection that is shown."""

    days: Days
    selection: Selection
    by: str
    may_export: bool


def asked(model_admin: "ModelAdmin[Any]", request: HttpRequest, *, trends: bool = False) -> Asked:
    """Read the address. 403 without the permission to look; 404 for what is not there or somebody else's."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    by = request.GET.get("by") or BY_SITE
    if by not in (BY_SITE, BY_HOUR):
        raise Http404
    usual = usual_days(timezone.localdate(), trends=trends)
    typed = {name: request.GET.get(name) or day.isoformat() for name, day in zip(("first", "last"), usual, strict=True)}
    form = Days(typed)
    first, last = (form.cleaned_data["first"], form.cleaned_data["last"]) if form.is_valid() else usual
    codes = {name: request.GET.get(name, "") for name in ("district", "site", "programme")}
    selection = select(scope=scope_of(request.user), first=first, last=last, **codes)
    if selection is None:
        raise Http404
    return Asked(form, selection, by, request.user.has_perm(EXPORT))  # type: ignore[union-attr]


def usual_days(today: date, *, trends: bool) -> tuple[date, date]:
    """The days that are shown to whoever asks for none."""
    return today - timedelta(days=_BACK_FOR_TRENDS if trends else 0), today + timedelta(days=_AHEAD)
