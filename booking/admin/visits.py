"""What happened at the desks: visits, doses and acts, to look at. What is about somebody's health is not here."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin, TracedAdmin
from booking.models import DeskAct, VaccinationRecord, Visit
from sites.admin.scoped import OwnPartFilter, ScopedAdmin

_BY_REFERENCE = ["appointment__reference__exact"]
_HELP = gettext_lazy("12 位预约号，要完整。")


class _OfAVisit(ScopedAdmin, ReadOnlyAdmin, TracedAdmin):
    """A row about somebody who came: opening it leaves a trace."""

    ordering = ["-pk"]
    search_fields = _BY_REFERENCE
    search_help_text = _HELP

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        # Read aloud and copied by hand, a reference comes with blanks.
        return super().get_search_results(request, queryset, "".join(search_term.split()))

    def person_of(self, row: Any) -> UUID | None:
        return row.appointment.person if row.appointment is not None else None


@admin.register(Visit)
class VisitAdmin(_OfAVisit):
    list_display = ["__str__", "site", "day", "appointment", "status", "arrived_at", "vaccinated_at", "left_at"]
    list_filter = ["status", ("site__district", OwnPartFilter)]
    list_select_related = ["site", "appointment"]
    fields = [
        "ticket", "site", "day", "appointment", "status", "arrived_at", "arrived_desk", "called_at", "called_desk",
        "triaged_at", "vaccinated_at", "observe_until", "left_at", "left_early",
    ]  # fmt: skip


@admin.register(VaccinationRecord)
class VaccinationRecordAdmin(_OfAVisit):
    site_path = "visit__site"
    list_display = ["given_at", "site", "appointment", "vaccine", "dose", "batch", "status", "given_by", "lifted"]
    list_filter = ["status", "vaccine", ("visit__site__district", OwnPartFilter)]
    list_select_related = ["visit__site", "appointment", "vaccine", "batch", "given_by"]
    ordering = ["-given_at", "-pk"]
    fields = [
        "appointment", "vaccine", "dose", "status", "batch", "body_site", "route", "given_at", "given_by", "lifted",
        "lifted_reason", "reason",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("接种点"))
    def site(self, record: VaccinationRecord) -> str:
        return str(record.visit.site)


@admin.register(DeskAct)
class DeskActAdmin(_OfAVisit):
    list_display = ["happened_at", "site", "desk", "kind", "appointment", "by", "offline", "outcome", "code"]
    list_filter = ["outcome", "kind", "offline", ("site__district", OwnPartFilter)]
    list_select_related = ["site", "appointment", "by"]
    fields = [
        "site", "desk", "kind", "appointment", "visit", "by", "sent_by", "happened_at", "received_at", "offline",
        "outcome", "code", "device", "sequence",
    ]  # fmt: skip
