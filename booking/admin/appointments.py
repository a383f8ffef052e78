"""Appointments, their history and what people were told: to look at, never to change here."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin, TracedAdmin
from booking.admin.relocations import RelocationInline
from booking.models import Appointment, AppointmentEvent
from sites.admin.scoped import ScopedAdmin


class EventsInline(admin.TabularInline):
    model = AppointmentEvent
    fields = ["at", "kind", "by", "facts"]
    readonly_fields = ["at", "kind", "by", "facts"]
    ordering = ["at", "pk"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Appointment)
class AppointmentAdmin(ScopedAdmin, ReadOnlyAdmin, TracedAdmin):
    site_path = "slot__site"
    list_display = ["reference", "patient", "programme", "dose", "site", "starts_at", "status", "booked_at"]
    list_filter = ["status", "programme"]
    list_select_related = ["patient", "programme", "slot__site"]
    ordering = ["-pk"]
    # The reference only: a document number must not stand in an address. "Find a person" is for that.
    search_fields = ["reference__exact"]
    search_help_text = gettext_lazy("12 位预约号，要完整。按证件或手机号请到“接种人”里“找人”。")
    inlines = [EventsInline, RelocationInline]
    fields = [
        "reference", "status", "patient", "programme", "dose", "slot", "place", "booked_by", "booked_at", "moves",
        "cancelled_at", "restorable_until",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("接种点"))
    def site(self, appointment: Appointment) -> str:
        return str(appointment.slot.site)

    @admin.display(description=gettext_lazy("开始"))
    def starts_at(self, appointment: Appointment) -> Any:
        return appointment.slot.starts_at

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Appointment], search_term: str
    ) -> tuple[QuerySet[Appointment], bool]:
        # Read aloud and copied by hand, a reference comes with blanks.
        return super().get_search_results(request, queryset, "".join(search_term.split()))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        if lookup in ("slot__id__exact", "person", "patient__id__exact"):
            return True
        return super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def person_of(self, row: Appointment) -> UUID:
        return row.person


@admin.register(AppointmentEvent)
class AppointmentEventAdmin(ScopedAdmin, ReadOnlyAdmin):
    site_path = "appointment__slot__site"
    list_display = ["at", "kind", "appointment", "by", "facts"]
    list_filter = ["kind"]
    list_select_related = ["appointment", "by"]
    ordering = ["-pk"]
    search_fields = ["appointment__reference__exact"]
    search_help_text = gettext_lazy("12 位预约号，要完整。")
