"""People whom a closing has moved: what they said to it, and those for whom nothing was found yet."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin_base import ReadOnlyAdmin
from accounts.audited import note
from booking.models import Relocation, RelocationState, Slot, WithAppointments
from booking.operations.relocations.move_people import move_people
from booking.queries.closed_days import closed_days, fates_of, stranded
from sites.admin.scoped import OwnPartFilter, ScopedAdmin
from sites.models import Site
from sites.scope import scope_of

# As many as are done within one page's time.
MOST_AT_ONCE = 50

_SIGNS = {
    RelocationState.PENDING: "…",
    RelocationState.ACCEPTED: "✓",
    RelocationState.CHOSE_ANOTHER: "⇄",
    RelocationState.DECLINED: "✕",
    RelocationState.NO_PLACE: "✕",
    RelocationState.TAKEN_BACK: "↩",
}


class AgainForm(forms.Form):
    """Why, for the people who are told."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("预约人会看到，例如：停电检修。可以不填。"),
    )


class RelocationInline(admin.TabularInline):
    """What the city did to an appointment, on its page."""

    model = Relocation
    fields = ["from_slot", "to_slot", "distance_m", "reason", "state", "by", "made_at", "answered_at"]
    readonly_fields = ["from_slot", "to_slot", "distance_m", "reason", "state", "by", "made_at", "answered_at"]
    ordering = ["pk"]
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("from_slot__site", "to_slot__site", "by")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Relocation)
class RelocationAdmin(ScopedAdmin, ReadOnlyAdmin):
    site_path = "from_slot__site"
    list_display = ["reference", "said", "before", "after", "far", "answered_at"]
    list_filter = ["state", "from_slot__programme", ("from_slot__site__district", OwnPartFilter)]
    list_select_related = ["appointment", "from_slot__site", "to_slot__site"]
    date_hierarchy = "from_slot__starts_at"
    ordering = ["-pk"]
    search_fields = ["appointment__reference__exact", "from_slot__site__code__startswith"]
    search_help_text = gettext_lazy("12 位预约号，要完整；或接种点编号的开头。")
    fields = [
        "appointment", "from_slot", "to_slot", "distance_m", "reason", "state", "change", "by", "made_at",
        "answered_at",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("预约号"), ordering="appointment__reference")
    def reference(self, row: Relocation) -> str:
        return row.appointment.reference

    @admin.display(description=gettext_lazy("原时段"), ordering="from_slot__starts_at")
    def before(self, row: Relocation) -> str:
        return _slot(row.from_slot)

    @admin.display(description=gettext_lazy("新时段"), ordering="to_slot__starts_at")
    def after(self, row: Relocation) -> str:
        return _slot(row.to_slot) if row.to_slot else "—"

    @admin.display(description=gettext_lazy("相距"), ordering="distance_m")
    def far(self, row: Relocation) -> str:
        if row.distance_m is None:
            return "—"
        return _("%(km).1f 公里") % {"km": row.distance_m / 1000} if row.distance_m else _("同一接种点")

    @admin.display(description=gettext_lazy("状态"), ordering="state")
    def said(self, row: Relocation) -> str:
        return f"{_SIGNS[RelocationState(row.state)]} {row.get_state_display()}"

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        if lookup in ("from_slot__site__id__exact", "change__id__exact"):
            return True
        return super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The table, with the numbers of what it shows."""
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None)
        if context and "cl" in context:
            context["fates"] = fates_of(context["cl"].queryset)
        return response

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("days/", self.admin_site.admin_view(self.days), name="booking_relocation_days"),
            path(
                "again/<int:site_id>/<str:day>/",
                self.admin_site.admin_view(self.again),
                name="booking_relocation_again",
            ),
        ]
        return own + super().get_urls()

    def days(self, request: HttpRequest) -> HttpResponse:
        """Closed days, each with what became of its people."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("停诊后的换号情况"),
            "rows": closed_days(scope_of(request.user), now=timezone.now()),
            "may_move": request.user.has_perm("booking.close_slot"),
        }
        return TemplateResponse(request, "admin/booking/relocation/days.html", context)

    def again(self, request: HttpRequest, site_id: int, day: str) -> HttpResponse:
        """Ask once more, then look again for those who are still booked into closed slots of the day."""
        if not request.user.has_perm("booking.close_slot"):
            raise PermissionDenied
        site, on = _own_site(request, site_id), _day(day)
        waiting = stranded(site_id=site.pk, day=on, now=timezone.now())
        form = AgainForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            people = list(waiting.values_list("pk", flat=True))
            self._look_again(request, site, on, people, form.cleaned_data["reason"])
            return HttpResponseRedirect(reverse("admin:booking_relocation_days"))
        count = waiting.count()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("给还没有号的人再找一次"),
            "form": form,
            "site": site,
            "day": on,
            "count": count,
            "most": MOST_AT_ONCE if count > MOST_AT_ONCE else 0,
        }
        return TemplateResponse(request, "admin/booking/relocation/again.html", context)

    def _look_again(self, request: HttpRequest, site: Site, day: date, waiting: list[int], reason: str) -> None:
        done = move_people(
            appointment_ids=waiting[:MOST_AT_ONCE],
            choice=WithAppointments.MOVE,
            change_id=None,
            reason=reason,
            by=request.user.pk,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        facts = {"moved": len(done.moved), "cancelled": len(done.cancelled)}
        of = site.district_id
        note(request, "relocate", site, f"{site.name} {day}", after=facts, reason=reason, district_code=of)
        messages.success(request, _("%(moved)d 人已换号，%(cancelled)d 人没有合适的号、已取消，都通知了。") % facts)
        left = len(waiting) - len(done.moved) - len(done.cancelled)
        if left:
            words = ngettext("还有 %(n)d 人没有处理，请再点一次。", "还有 %(n)d 人没有处理，请再点一次。", left)
            messages.warning(request, words % {"n": left})


def _slot(slot: Slot) -> str:
    when = date_format(timezone.localtime(slot.starts_at), "Y-m-d H:i")
    return format_html('<span class="nowrap">{}</span><br>{}', when, slot.site)


def _own_site(request: HttpRequest, site_id: int) -> Site:
    site = Site.objects.filter(scope_of(request.user).of_sites(), pk=site_id).first()
    if site is None:
        raise Http404
    return site


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
