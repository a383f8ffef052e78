"""The list of bulk changes, and the addresses of their pages."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin
from booking.admin.changes import views, words
from booking.admin.changes.may import NEEDS
from booking.models import ChangeKind, ChangeState, QuotaChange
from sites.models import Site
from sites.scope import scope_of


@admin.register(QuotaChange)
class QuotaChangeAdmin(ReadOnlyAdmin):
    list_display = ["what", "sites", "state_in_words", "progress", "by", "created_at"]
    list_display_links = None
    list_filter = ["kind", "state"]
    list_select_related = ["by"]
    change_list_template = "admin/booking/quotachange/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuotaChange]:
        found: QuerySet[QuotaChange] = super().get_queryset(request)
        scope = scope_of(request.user)
        if scope.everywhere:
            return found
        own = list(Site.objects.filter(scope.of_sites()).values_list("pk", flat=True))
        return found.filter(site_ids__contained_by=own)

    def get_urls(self) -> list[URLPattern]:
        return [
            self.own_page("new/", views.new_view, "new"),
            self.own_page("<uuid:change_id>/preview/", views.preview_view, "preview"),
            self.own_page("<uuid:change_id>/progress/", views.progress_view, "progress"),
            self.own_page("<uuid:change_id>/apply/", views.apply_view, "apply"),
            self.own_page("<uuid:change_id>/stop/", views.stop_view, "stop"),
            self.own_page("<uuid:change_id>/undo/", views.undo_view, "undo"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        may = request.user.has_perm
        kinds = [
            (kind, words.act(kind)) for kind in ChangeKind if may("booking.add_quotachange") and may(NEEDS[kind])
        ]  # fmt: skip
        return super().changelist_view(request, {**(extra_context or {}), "kinds": kinds})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        change = self.get_object(request, object_id)
        if change is None or not self.has_view_permission(request, change):
            return super().change_view(request, object_id, form_url, extra_context)
        return HttpResponseRedirect(reverse("admin:booking_quotachange_preview", args=[change.pk]))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("booking.view_quotachange")

    @admin.display(description=gettext_lazy("内容"), ordering="created_at")
    def what(self, change: QuotaChange) -> str:
        address = reverse("admin:booking_quotachange_preview", args=[change.pk])
        return format_html('<a href="{}">{} {}</a>', address, words.act(change.kind), words.days_of(change))

    @admin.display(description=gettext_lazy("接种点"))
    def sites(self, change: QuotaChange) -> int:
        return len(change.site_ids)

    @admin.display(description=gettext_lazy("状态"), ordering="state")
    def state_in_words(self, change: QuotaChange) -> str:
        return f"{words.SIGNS[ChangeState(change.state)]} {change.get_state_display()}"

    @admin.display(description=gettext_lazy("做完的接种点"))
    def progress(self, change: QuotaChange) -> str:
        return f"{change.done}/{change.total}" if change.started_at else "–"
