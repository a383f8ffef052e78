"""Figures: heatmaps, bookings, no-shows, lead times."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from accounts.admin_base import ReadOnlyAdmin
from booking.admin.figures import due, files, pages
from booking.models import HourFigure
from sites.admin.scoped import ScopedAdmin


@admin.register(HourFigure)
class HourFigureAdmin(ScopedAdmin, ReadOnlyAdmin):
    def get_urls(self) -> list[URLPattern]:
        views = (
            ("heatmap/", pages.heatmap_page, "heatmap"),
            ("heatmap.csv", files.heatmap_file, "heatmap_csv"),
            ("trends/", pages.trends_page, "trends"),
            ("trends.csv", files.trends_file, "trends_csv"),
            ("due/", due.due_page, "due"),
            ("due.csv", due.due_file, "due_csv"),
            ("count/", pages.count_now, "count"),
        )
        own = [
            path(address, self.admin_site.admin_view(view), {"model_admin": self}, name=f"booking_hourfigure_{name}")
            for address, view, name in views
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Hundreds of thousands of rows say nothing; the heatmap does."""
        return HttpResponseRedirect(reverse("admin:booking_hourfigure_heatmap"))
