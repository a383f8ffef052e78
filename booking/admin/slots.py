"""Slots in the admin: quotas through set_quota, whole days through publish_slots, closing and opening again."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin_base import ReadOnlyAdmin
from accounts.audited import note
from booking.admin.calendar.pages import calendar_page
from booking.admin.publish import publish_view
from booking.models import Slot, SlotEvent
from booking.operations.quotas.set_quota import close_slot, reopen_slot, set_quota
from booking.operations.refusals import NotFound, QuotaBelowTaken
from booking.queries.taken import taken_in
from sites.admin.scoped import OwnPartFilter, ScopedAdmin

# One confirmed action changes at most as many; more is a job with progress.
MOST_AT_ONCE = 500


def _below_taken(taken: int) -> str:
    return _("已经有 %(taken)d 个号约出去了，号源数不能比它小。要停约请用“停诊”。") % {"taken": taken}


class SlotForm(forms.ModelForm):
    class Meta:
        model = Slot
        fields = ["quota"]

    def clean_quota(self) -> int:
        quota: int = self.cleaned_data["quota"]
        if quota > 100_000:
            raise forms.ValidationError(_("号源数太大，请核对。"))
        if quota < (taken := taken_in([self.instance.pk]).get(self.instance.pk, 0)):
            raise forms.ValidationError(_below_taken(taken))
        return quota


@admin.register(Slot)
class SlotAdmin(ScopedAdmin):
    form = SlotForm
    list_display = ["site", "programme", "when", "filled", "state"]
    list_filter = ["programme", ("site__district", OwnPartFilter), ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["site", "programme"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "site_id"]
    search_fields = ["site__code__startswith", "site__name__startswith"]
    search_help_text = gettext_lazy("接种点的编号或名称的开头")
    actions = ["close", "reopen"]
    fields = ["site", "programme", ("starts_at", "ends_at"), "opens_at", "filled", "quota", "closed_at", "who"]
    readonly_fields = ["site", "programme", "starts_at", "ends_at", "opens_at", "closed_at", "filled", "who"]

    def get_urls(self) -> list[Any]:
        calendar = self.admin_site.admin_view(partial(calendar_page, self))
        return [path("calendar/", calendar, name="booking_slot_calendar"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Slot]:
        return super().get_queryset(request).filter(withdrawn_at=None)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # A slot that is not wanted is closed, so that its appointments keep their history.
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Slots are published by the day."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return publish_view(self, request)

    def save_model(self, request: HttpRequest, obj: Slot, form: Any, change: bool) -> None:
        set_quota(slot_id=obj.pk, quota=obj.quota, by=request.user.pk, now=timezone.now())

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        shown = {**(extra_context or {}), "show_save_and_add_another": False}
        try:
            return super().changeform_view(request, object_id, form_url, shown)
        except QuotaBelowTaken as refusal:
            # Somebody booked between the form's check and the change.
            messages.error(request, _below_taken(refusal.facts["taken"]))
        except NotFound:
            messages.error(request, _("没有找到。请检查后再试。"))
        return HttpResponseRedirect(request.path)

    @admin.display(description=gettext_lazy("时间"), ordering="starts_at")
    def when(self, slot: Slot) -> str:
        begins, ends = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
        return f"{date_format(begins, 'Y-m-d D H:i')}–{ends:%H:%M}"

    @admin.display(description=gettext_lazy("已占/号源"))
    def filled(self, slot: Slot) -> str:
        return format_html("<b>{}</b>/{}", _taken(slot), slot.quota)

    @admin.display(description=gettext_lazy("状态"))
    def state(self, slot: Slot) -> str:
        now = timezone.now()
        if slot.closed_at:
            return _("停诊")
        if slot.starts_at <= now:
            return _("已开始")
        if slot.opens_at > now:
            return _("未放号")
        return _("约满") if _taken(slot) >= slot.quota else _("可约")

    @admin.display(description=gettext_lazy("预约"))
    def who(self, slot: Slot) -> str:
        address = f"{reverse('admin:booking_appointment_changelist')}?slot__id__exact={slot.pk}"
        return format_html('<a href="{}">{}</a>', address, _("这个时段的预约"))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        # One statement for the page instead of one for each row.
        counts = taken_in([slot.pk for slot in found.result_list])
        for slot in found.result_list:
            slot.taken = counts.get(slot.pk, 0)
        return found

    @admin.action(description=gettext_lazy("停诊（已有的预约保留）"), permissions=["change"])
    def close(self, request: HttpRequest, chosen: QuerySet[Slot]) -> HttpResponse | None:
        return self._confirmed(request, chosen, "close", close_slot)

    @admin.action(description=gettext_lazy("重新开诊"), permissions=["change"])
    def reopen(self, request: HttpRequest, chosen: QuerySet[Slot]) -> HttpResponse | None:
        return self._confirmed(request, chosen, "reopen", reopen_slot)

    def _confirmed(
        self, request: HttpRequest, chosen: QuerySet[Slot], action: str, act: Callable[..., Slot]
    ) -> HttpResponse | None:
        slots = list(chosen.select_related("site", "programme").order_by("starts_at")[: MOST_AT_ONCE + 1])
        if len(slots) > MOST_AT_ONCE:
            messages.error(request, _("一次最多 %(most)d 个时段，请先筛选。") % {"most": MOST_AT_ONCE})
            return None
        if request.POST.get("confirmed"):
            for slot in slots:
                act(slot_id=slot.pk, by=request.user.pk, now=timezone.now())
            sites = sorted({slot.site.name for slot in slots})
            note(request, action, "booking.slot", "、".join(sites), after={"slots": len(slots)})
            done = ngettext("已更新 %(n)d 个时段。", "已更新 %(n)d 个时段。", len(slots)) % {"n": len(slots)}
            messages.success(request, done)
            return None
        counts = taken_in([slot.pk for slot in slots])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("确认停诊") if action == "close" else _("确认重新开诊"),
            "action": action,
            "slots": [(slot, counts.get(slot.pk, 0)) for slot in slots],
            "taken": sum(counts.values()),
        }
        return TemplateResponse(request, "admin/booking/slot/confirm.html", context)


def _taken(slot: Slot) -> int:
    if not hasattr(slot, "taken"):
        slot.taken = taken_in([slot.pk]).get(slot.pk, 0)  # type: ignore[attr-defined]
    return int(slot.taken)  # type: ignore[attr-defined]


@admin.register(SlotEvent)
class SlotEventAdmin(ScopedAdmin, ReadOnlyAdmin):
    site_path = "slot__site"
    list_display = ["at", "kind", "slot", "by", "facts"]
    list_filter = ["kind"]
    list_select_related = ["slot__site", "by"]
    ordering = ["-pk"]
