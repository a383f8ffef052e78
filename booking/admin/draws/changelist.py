"""The list of draws, and the addresses of their pages."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin
from booking.admin.draws import acts, announcing, drawing, words
from booking.models import Draw
from booking.queries.draws import state_of


@admin.register(Draw)
class DrawAdmin(ReadOnlyAdmin):
    list_display = ["what", "programme", "standing", "closes_at", "days", "entries_now", "made_by"]
    list_display_links = None
    list_filter = ["state", "programme"]
    list_select_related = ["programme", "made_by"]
    change_list_template = "admin/booking/draw/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Draw]:
        """Without the seed, which is nobody's business before it is drawn and everybody's after."""
        found: QuerySet[Draw] = super().get_queryset(request).defer("seed")
        return found.annotate(entered=Count("entries", filter=Q(entries__withdrawn_at=None)))

    def get_urls(self) -> list[URLPattern]:
        return [
            self.own_page("announce/", announcing.announce_view, "announce"),
            self.own_page("<uuid:draw_id>/next/", announcing.next_view, "next"),
            self.own_page("<uuid:draw_id>/show/", drawing.show_view, "show"),
            self.own_page("<uuid:draw_id>/dry-run/", drawing.dry_run_view, "dry_run"),
            self.own_page("<uuid:draw_id>/progress/", drawing.progress_view, "progress"),
            self.own_page("<uuid:draw_id>/run/", acts.run_view, "run"),
            self.own_page("<uuid:draw_id>/call-off/", acts.call_off_view, "call_off"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        draw = self.get_object(request, object_id)
        if draw is None or not self.has_view_permission(request, draw):
            return super().change_view(request, object_id, form_url, extra_context)
        return HttpResponseRedirect(reverse("admin:booking_draw_show", args=[draw.pk]))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("booking.view_draw")

    @admin.display(description=gettext_lazy("哪次摇号"), ordering="opens_at")
    def what(self, draw: Draw) -> str:
        return format_html('<a href="{}">{}</a>', reverse("admin:booking_draw_show", args=[draw.pk]), draw.name)

    @admin.display(description=gettext_lazy("状态"), ordering="state")
    def standing(self, draw: Draw) -> str:
        return format_html('<span class="nowrap">{}</span>', words.standing(state_of(draw, now=timezone.now())))

    @admin.display(description=gettext_lazy("接种日期"), ordering="first_day")
    def days(self, draw: Draw) -> str:
        return format_html('<span class="nowrap">{} – {}</span>', draw.first_day, draw.last_day)

    @admin.display(description=gettext_lazy("登记人数"))
    def entries_now(self, draw: Draw) -> str:
        return f"{draw.entered:,}"  # type: ignore[attr-defined]
