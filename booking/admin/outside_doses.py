"""Doses that were given elsewhere: to look at, and to void where one was entered wrongly."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin, TracedAdmin
from booking.models import OutsideDose
from booking.operations.outside_doses.void import void_outside_dose
from booking.operations.refusals import NotFound
from booking.rules.dose import SHORTEST_REASON
from sites.scope import scope_of


class VoidForm(forms.Form):
    """Why it counts no more."""

    reason = forms.CharField(
        label=gettext_lazy("作废原因"),
        min_length=SHORTEST_REASON,
        max_length=200,
        help_text=gettext_lazy("记录还在，写明谁作废的、为什么；不再算数。"),
    )


class StandingFilter(admin.SimpleListFilter):
    """Those that count, or those that were voided."""

    title = gettext_lazy("状态")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("counts", gettext_lazy("有效")), ("void", gettext_lazy("已作废"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(voided_at__isnull=self.value() == "counts") if self.value() else queryset


@admin.register(OutsideDose)
class OutsideDoseAdmin(ReadOnlyAdmin, TracedAdmin):
    """A person belongs to no district, so only those who look after the whole city see these."""

    list_display = ["given_on", "programme", "dose", "vaccine", "where", "batch", "evidence", "entered_by", "standing"]
    list_filter = [StandingFilter, "programme"]
    list_select_related = ["programme", "vaccine", "entered_by"]
    ordering = ["-entered_at", "-pk"]
    search_fields = ["batch__exact"]
    search_help_text = gettext_lazy("批号，要完整。按人查请到接种点服务台。")
    fields = [
        "programme", "vaccine", "dose", "given_on", "where", "batch", "evidence", "entered_by", "entered_at",
        "voided_at", "voided_by", "voided_reason",
    ]  # fmt: skip
    change_form_template = "admin/booking/outsidedose/change_form.html"

    @admin.display(description=gettext_lazy("状态"))
    def standing(self, row: OutsideDose) -> str:
        return f"✕ {_('已作废')}" if row.voided_at else f"✓ {_('有效')}"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and scope_of(request.user).everywhere

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may = self._may_void(request)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "may_void": may})

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<uuid:pk>/void/", self.admin_site.admin_view(self.void), name="booking_outsidedose_void"),
        ]
        return own + super().get_urls()

    def void(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask why, then mark it as wrong."""
        if not self._may_void(request):
            raise PermissionDenied
        row = OutsideDose.objects.select_related("programme", "vaccine").filter(pk=pk, voided_at=None).first()
        if row is None:
            raise Http404
        form = VoidForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            self._void(request, row, form.cleaned_data["reason"])
            return HttpResponseRedirect(reverse("admin:booking_outsidedose_change", args=[row.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("作废外地接种记录"),
            "form": form,
            "row": row,
        }
        return TemplateResponse(request, "admin/booking/outsidedose/void.html", context)

    def _may_void(self, request: HttpRequest) -> bool:
        may = request.user.has_perm("booking.change_outsidedose")  # type: ignore[union-attr]
        return may and scope_of(request.user).everywhere

    def _void(self, request: HttpRequest, row: OutsideDose, reason: str) -> None:
        try:
            later = void_outside_dose(outside_dose_id=row.pk, reason=reason, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        except NotFound:
            raise Http404 from None
        messages.success(request, _("已作废，不再算数。"))
        if later:
            day = timezone.localdate(later[0].slot.starts_at)
            words = _("第 %(dose)d 剂还约在 %(day)s。请联系本人改期或取消，不然到时候不能打。")
            messages.warning(request, words % {"dose": later[0].dose, "day": day})
