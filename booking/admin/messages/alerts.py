"""Alerts, to look at: they begin and end by themselves. The red ones that are open stand on the first page too."""

from datetime import datetime
from typing import Any

from django import template
from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin
from booking.models import Alert, Severity
from booking.queries.city_screen import alerts as queries
from booking.queries.city_screen.screen import named
from sites.scope import scope_of

register = template.Library()
# On the first page; the city screen has them all.
_MOST = 3


def said(alert: Alert) -> str:
    """What is wrong, as somebody reads it who has to see to it."""
    return " ".join(render_to_string("city_screen/said.html", {"alert": alert}).split())


def label_of(alert: Alert) -> str:
    """What kind of alert it is, and where."""
    kind = render_to_string("city_screen/kind.html", {"kind": alert.kind}).strip()
    return f"{kind} · {where(alert)}" if alert.place else kind


@register.filter
def where(alert: Alert) -> str:
    """The site with its district, or the district; empty for the whole city."""
    parts = [named(row) for row in (alert.site, alert.district) if row is not None]
    return " · ".join(parts)


@register.filter
def day_and_time(moment: str) -> str:
    """11-24 10:00, of a moment as facts hold it."""
    at = parse_datetime(moment)
    return localtime(at).strftime("%m-%d %H:%M") if at else ""


@register.filter
def time_of_day(moment: str) -> str:
    """10:00, of a moment as facts hold it."""
    return day_and_time(moment)[-5:]


@register.filter
def since(began_at: datetime, now: datetime) -> str:
    """10:00, or 11-24 10:00 of another day."""
    at = localtime(began_at)
    return at.strftime("%H:%M" if at.date() == localtime(now).date() else "%m-%d %H:%M")


@register.filter
def grouped(number: float | None) -> str:
    """1,234; a share with its tenths."""
    if number is None:
        return "–"
    return f"{number:,.1f}" if isinstance(number, float) else f"{number:,}"


@register.filter
def signed(number: float) -> str:
    """+12, −3, ±0."""
    return f"{'+' if number > 0 else '−' if number < 0 else '±'}{grouped(abs(number))}"


@register.inclusion_tag("admin/booking/alert/open.html", takes_context=True)
def open_alerts(context: Any) -> dict[str, Any]:
    """The red alerts of the caller's part of the city that nobody has handled, and how many there are in all."""
    found = queries.open_alerts(scope=scope_of(context["request"].user)).waiting
    red = [alert for alert in found if alert.severity == Severity.RED][:_MOST]
    return {"alerts": [(alert, said(alert)) for alert in red], "more": len(found) - len(red)}


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ["kind_shown", "severity", "place_shown", "began_at", "ended_at", "said", "claimed_by", "note"]
    list_filter = ["severity", "kind"]
    list_select_related = ["site", "district", "claimed_by"]
    ordering = ["-began_at"]
    fields = [
        "kind_shown", "severity", "place_shown", "said", "began_at", "ended_at", "claimed_by", "claimed_at",
        "handled_by", "handled_at", "note",
    ]  # fmt: skip
    readonly_fields = ["kind_shown", "place_shown", "said"]

    @admin.display(description=gettext_lazy("警报"))
    def kind_shown(self, alert: Alert) -> str:
        return render_to_string("city_screen/kind.html", {"kind": alert.kind}).strip()

    @admin.display(description=gettext_lazy("哪里"))
    def place_shown(self, alert: Alert) -> str:
        return where(alert) or "—"

    @admin.display(description=gettext_lazy("情况"))
    def said(self, alert: Alert) -> str:
        return said(alert)
