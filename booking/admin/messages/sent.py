"""Messages, to look at: how each of them stands. Neither what they say nor to which number."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin
from booking.models import Message
from sites.admin.scoped import ScopedAdmin

_UNSENT = Q(sent_at=None, dropped_at=None)
_STATES = {
    "waiting": (gettext_lazy("等着发"), _UNSENT & Q(failing_since=None, held="")),
    "failing": (gettext_lazy("没发出去，还会再试"), _UNSENT & Q(failing_since__isnull=False)),
    "held": (gettext_lazy("顺延"), _UNSENT & ~Q(held="")),
    "sent": (gettext_lazy("已发"), Q(sent_at__isnull=False)),
    "dropped": (gettext_lazy("没发：过时或找不到人"), Q(dropped_at__isnull=False)),
}


class StateFilter(admin.SimpleListFilter):
    """By how a message stands."""

    title = gettext_lazy("状态")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, words) for name, (words, _where) in _STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        found = _STATES.get(self.value() or "")
        return queryset.filter(found[1]) if found else queryset


@admin.register(Message)
class MessageAdmin(ScopedAdmin, ReadOnlyAdmin):
    site_path = "appointment__slot__site"
    list_display = ["kind", "appointment", "state", "sent_at", "due_at", "attempts", "created_at"]
    list_filter = [StateFilter, "kind"]
    list_select_related = ["appointment"]
    ordering = ["-pk"]
    search_fields = ["appointment__reference__exact"]
    search_help_text = gettext_lazy("12 位预约号，要完整。")
    fields = [
        "kind", "appointment", "state", "created_at", "due_at", "attempts", "failing_since", "told_by", "sent_at",
        "dropped_at",
    ]  # fmt: skip
    readonly_fields = ["state"]

    @admin.display(description=gettext_lazy("状态"))
    def state(self, message: Message) -> str:
        return str(message.state.label)
