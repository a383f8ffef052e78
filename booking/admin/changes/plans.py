"""Quota plans: weekly patterns. The city's are everybody's to apply and to copy; a district changes its own."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audited import note
from booking.models import PlanSession, QuotaPlan
from booking.operations.quotas.copy_plan import copy_plan
from booking.rules.quota_plan import Session, overlapping
from sites.admin.scoped import ScopedAdmin
from sites.models import District
from sites.scope import scope_of


class PlanForm(forms.ModelForm):
    class Meta:
        model = QuotaPlan
        fields = ["code", "name", "programme", "district", "walk_in_percent", "community_percent", "is_active"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if (found.get("walk_in_percent") or 0) + (found.get("community_percent") or 0) > 100:
            self.add_error("community_percent", _("两项留号加起来不能超过 100%。"))
        return found


class SessionForms(forms.BaseInlineFormSet):
    """The sessions of a plan, none of which may overlap on the same weekday."""

    def clean(self) -> None:
        super().clean()
        rows = [form for form in self.forms if form.cleaned_data.get("weekday") and not form.cleaned_data.get("DELETE")]
        sessions = {}
        for form in rows:
            found = form.cleaned_data
            if not (found.get("begins") and found.get("ends") and found.get("minutes")):
                continue
            session = Session(found["weekday"], found["begins"], found["ends"], found["minutes"], found.get("places"))
            if session.ends <= session.begins:
                form.add_error("ends", _("结束要晚于开始。"))
            sessions[id(session)] = (session, form)
        for session in overlapping([session for session, _form in sessions.values()]):
            message = _("和同一天的另一个时间段重叠，请改开始或结束时间。")
            sessions[id(session)][1].add_error("begins", message)


class SessionInline(admin.TabularInline):
    model = PlanSession
    formset = SessionForms
    verbose_name_plural = gettext_lazy("一周的时间段")

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        return 1 if obj else 5

    # Whoever may change the plan may change its sessions: they are nothing of their own.
    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("booking.view_quotaplan")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may_change(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may_change(request, obj)


def may_change(request: HttpRequest, plan: Any) -> bool:
    """Whether the plan (None: one that is not there yet) is the account's to change."""
    if not request.user.has_perm("booking.change_quotaplan" if plan else "booking.add_quotaplan"):
        return False
    scope = scope_of(request.user)
    if plan is None:
        return scope.everywhere or bool(scope.districts)
    return scope.everywhere or plan.district_id in scope.districts


@admin.register(QuotaPlan)
class QuotaPlanAdmin(ScopedAdmin):
    form = PlanForm
    inlines = [SessionInline]
    list_display = ["code", "name", "programme", "whose", "walk_in_percent", "community_percent", "is_active"]
    list_select_related = ["programme", "district"]
    list_filter = ["programme", "is_active"]
    search_fields = ["code", "name"]
    fieldsets = [
        (None, {"fields": [("code", "is_active"), "name", "programme", "district"]}),
        (
            gettext_lazy("每个时段留多少"),
            {
                "fields": [("walk_in_percent", "community_percent")],
                "description": gettext_lazy("从每段的号源里留出，不能在网上约；不够一个的零头算给网上预约。"),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuotaPlan]:
        found: QuerySet[QuotaPlan] = super(ScopedAdmin, self).get_queryset(request)
        scope = scope_of(request.user)
        if scope.everywhere:
            return found
        return found.filter(Q(district=None) | scope.of_districts("district")).distinct()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        scope = scope_of(request.user)
        field: Any = made.base_fields.get("district")
        if field is not None and not scope.everywhere:
            # Without a district it would be the city's.
            field.required = True
            field.queryset = District.objects.filter(pk__in=scope.districts)
        elif field is not None:
            field.empty_label = _("全市")
        return made

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_change(request, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return request.user.has_perm("booking.change_quotaplan")
        return may_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Changes that were made from it name it; what is not used any more is switched off.
        return False

    @admin.display(description=gettext_lazy("归属"), ordering="district")
    def whose(self, plan: QuotaPlan) -> str:
        return str(plan.district) if plan.district else _("全市")

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<path:object_id>/copy/", self.admin_site.admin_view(self.copy_view), name="booking_quotaplan_copy"
        )  # fmt: skip
        return [own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shown = {
            **(extra_context or {}),
            "may_copy": may_change(request, None),
            "may_apply": request.user.has_perm("booking.add_quotachange"),
        }
        return super().change_view(request, object_id, form_url, shown)

    def copy_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A plan of one's own, with the sessions of this one."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may_change(request, None):
            raise PermissionDenied
        plan = self.get_object(request, object_id)
        if plan is None:
            raise Http404
        scope = scope_of(request.user)
        own = plan.district_id if scope.everywhere or plan.district_id in scope.districts else min(scope.districts)
        made = copy_plan(plan_id=plan.pk, district_id=own, name=_("%(name)s（副本）") % {"name": plan.name})
        self.log_addition(request, made, [{"added": {}}])
        note(request, "add", made, str(made), after={"copied_from": plan.code}, district_code=own or "")
        messages.success(request, _("已复制。改好以后勾上“启用”，才能套用。"))
        return HttpResponseRedirect(reverse("admin:booking_quotaplan_change", args=[made.pk]))
