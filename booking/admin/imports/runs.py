"""The list of uploaded files, and the addresses of everything about them."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin
from booking.admin.imports import downloads, pages
from booking.models import ImportRun
from booking.queries.imports import kinds_for, visible_runs


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = ["file", "kind", "state", "counts", "by", "created_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["by"]
    search_fields = ["file_name"]
    # A run has a page of its own.
    list_display_links = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible_runs(request.user)  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("booking.add_importrun") and bool(kinds_for(request.user))  # type: ignore[union-attr,arg-type]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("booking.view_importrun")  # type: ignore[union-attr]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view

        def new(request: HttpRequest) -> HttpResponse:
            return pages.new_view(self, request)

        def show(request: HttpRequest, run_id: Any) -> HttpResponse:
            return pages.show_view(self, request, run_id)

        def export(request: HttpRequest, kind: str, form: str) -> Any:
            return downloads.export_view(self.admin_site, request, kind, form)

        own = [
            path("new/", view(new), name="booking_importrun_new"),
            path("template/<slug:kind>.<slug:form>", view(downloads.template_view), name="booking_importrun_template"),
            path("export/<slug:kind>.<slug:form>", view(export), name="booking_importrun_export"),
            path("<uuid:run_id>/", view(show), name="booking_importrun_show"),
            path("<uuid:run_id>/progress/", view(pages.progress_view), name="booking_importrun_progress"),
            path("<uuid:run_id>/errors.csv", view(downloads.errors_view), name="booking_importrun_errors"),
            path("<uuid:run_id>/before.csv", view(downloads.before_view), name="booking_importrun_before"),
        ]
        return own + super().get_urls()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Files come in by their own page."""
        return HttpResponseRedirect(reverse("admin:booking_importrun_new"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A run is looked at on its own page."""
        run = self.get_object(request, object_id)
        if run is None or not self.has_view_permission(request, run):
            return super().change_view(request, object_id, form_url, extra_context)
        return HttpResponseRedirect(reverse("admin:booking_importrun_show", args=[run.pk]))

    @admin.display(description=gettext_lazy("文件名"), ordering="file_name")
    def file(self, run: ImportRun) -> str:
        return format_html('<a href="{}">{}</a>', reverse("admin:booking_importrun_show", args=[run.pk]), run.file_name)

    @admin.display(description=gettext_lazy("结果"))
    def counts(self, run: ImportRun) -> str:
        said = run.summary
        if "new" not in said:
            return ""
        words = _("新增 %(new)d · 改动 %(changed)d · 不变 %(same)d · 出错 %(bad)d")
        return words % {what: said[what] for what in ("new", "changed", "same", "bad")}
