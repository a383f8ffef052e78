"""Alerts, to look at: they begin and end by themselves. What is open stands on the first page too."""

from typing import Any

from django import template
from django.contrib import admin
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin
from booking.models import Alert

register = template.Library()

_KINDS = {"messages_not_sent": gettext_lazy("消息发不出去")}


def said(alert: Alert) -> str:
    """What is wrong, as somebody reads it who has to see to it."""
    if alert.kind != "messages_not_sent":
        return alert.kind
    since = parse_datetime(alert.facts["since"])
    at = localtime(since).strftime("%m-%d %H:%M") if since else ""
    words = _("从 %(at)s 起有消息发不出去，已有 %(n)d 条在等，会自动重发。请检查短信网关和城市应用的接口。")
    return words % {"at": at, "n": alert.facts["waiting"]}


@register.inclusion_tag("admin/booking/alert/open.html")
def open_alerts() -> dict[str, Any]:
    """The alerts that have not ended."""
    return {"alerts": [said(alert) for alert in Alert.objects.filter(ended_at=None)]}


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ["kind_shown", "began_at", "ended_at", "said"]
    ordering = ["-began_at"]
    fields = ["kind_shown", "began_at", "ended_at", "said"]
    readonly_fields = ["kind_shown", "said"]

    @admin.display(description=gettext_lazy("警报"))
    def kind_shown(self, alert: Alert) -> str:
        return str(_KINDS.get(alert.kind, alert.kind))

    @admin.display(description=gettext_lazy("情况"))
    def said(self, alert: Alert) -> str:
        return said(alert)
