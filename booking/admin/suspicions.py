"""Accounts that look like many in one hand: the evidence, and what a person decides."""

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
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin
from accounts.audited import note
from booking.models import Suspicion, SuspicionState
from booking.operations.refusals import Refusal
from booking.operations.touts.judge import answer_appeal, dismiss, lock, restore
from booking.queries.touts import neighbours
from booking.rules import bulk

SIGNS = {
    bulk.DEVICE: gettext_lazy("一台设备登录了很多账号"),
    bulk.PHONE: gettext_lazy("很多账号的接种人留了同一个手机号"),
    bulk.PEOPLE: gettext_lazy("一个账号约了很多人"),
}
_NUMBERS = {
    "accounts": gettext_lazy("账号"),
    "booking": gettext_lazy("其中约过号的账号"),
    "people": gettext_lazy("约过的人"),
    "appointments": gettext_lazy("预约"),
}
_ACTS = {"dismiss": "dismiss", "lock": "lock", "restore": "restore", "yes": "grant", "no": "deny"}
_DONE = {
    "dismiss": gettext_lazy("已记下：没有问题。"),
    "lock": gettext_lazy("已停用这个账号的预约，并告诉了本人怎样申诉。"),
    "restore": gettext_lazy("已恢复，并告诉了本人。"),
    "yes": gettext_lazy("已恢复，并告诉了本人。"),
    "no": gettext_lazy("已答复，预约仍停用。本人可以再写一次。"),
}


class JudgeForm(forms.Form):
    """Why, in words that the account's holder reads where it is locked or an appeal is answered."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        min_length=4,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("停用和答复申诉时，本人会看到这段话。"),
        error_messages={"required": gettext_lazy("请写明理由，至少 4 个字。")},
    )


class SignFilter(admin.SimpleListFilter):
    """By what was noticed, in words."""

    title = gettext_lazy("迹象")
    parameter_name = "sign"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(sign, str(words)) for sign, words in SIGNS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Suspicion]) -> QuerySet[Suspicion]:
        return queryset.filter(sign=self.value()) if self.value() else queryset


@admin.register(Suspicion)
class SuspicionAdmin(ReadOnlyAdmin):
    list_display = ["raised_at", "sign_shown", "numbers", "state", "waits", "decided_by", "decided_at"]
    list_display_links = None
    list_filter = ["state", SignFilter]
    list_select_related = ["decided_by"]
    ordering = ["-raised_at"]

    @admin.display(description=gettext_lazy("迹象"))
    def sign_shown(self, row: Suspicion) -> str:
        address = reverse("admin:booking_suspicion_judge", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, SIGNS.get(row.sign, row.sign))

    @admin.display(description=gettext_lazy("依据"))
    def numbers(self, row: Suspicion) -> str:
        numbers = "，".join(f"{_NUMBERS.get(name, name)} {value}" for name, value in row.evidence.items())
        return format_html('<span class="nowrap">{}</span>', numbers)

    @admin.display(description=gettext_lazy("申诉"))
    def waits(self, row: Suspicion) -> str:
        if row.appealed_at is None:
            return "—"
        return _("已答复") if row.answered_at else _("等答复")

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's own: the page on which somebody decides."""
        view = self.admin_site.admin_view(self.judge)
        return [path("<uuid:pk>/judge/", view, name="booking_suspicion_judge"), *super().get_urls()]

    def judge(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The evidence, and the acts that are possible in this state."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = Suspicion.objects.select_related("account", "decided_by", "answered_by").filter(pk=pk).first()
        if row is None:
            raise Http404
        form = JudgeForm(request.POST if request.method == "POST" else None)
        act = next((name for name in _ACTS if name in request.POST), "")
        if request.method == "POST":
            if not request.user.has_perm("booking.change_suspicion"):
                raise PermissionDenied
            if form.is_valid() and act and (act != "lock" or "sure" in request.POST):
                return self._carry_out(request, row, act, form.cleaned_data["reason"])
        facts = {"form": form, "sure": act == "lock" and form.is_valid()}
        return self._page(request, row, **facts)

    def _carry_out(self, request: HttpRequest, row: Suspicion, act: str, reason: str) -> HttpResponse:
        assert request.user.pk is not None
        now, by = timezone.now(), request.user.pk
        try:
            if act == "dismiss":
                dismiss(suspicion_id=row.pk, by=by, reason=reason, now=now)
            elif act == "lock":
                lock(suspicion_id=row.pk, by=by, reason=reason, now=now)
            elif act == "restore":
                restore(suspicion_id=row.pk, by=by, reason=reason, now=now)
            else:
                answer_appeal(suspicion_id=row.pk, by=by, restore=act == "yes", answer=reason, now=now)
        except Refusal:
            messages.error(request, _("已经有人处理过了。请看现在的情况。"))
        else:
            note(request, _ACTS[act], row, row.account.username, before={"state": row.state}, reason=reason)
            messages.success(request, str(_DONE[act]))
        return HttpResponseRedirect(reverse("admin:booking_suspicion_judge", args=[row.pk]))

    def _page(self, request: HttpRequest, row: Suspicion, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "row": row,
            "title": SIGNS.get(row.sign, row.sign),
            "numbers": [(_NUMBERS.get(name, name), value) for name, value in row.evidence.items()],
            "neighbours": neighbours(row),
            "may_judge": request.user.has_perm("booking.change_suspicion"),
            "is_open": row.state == SuspicionState.OPEN,
            "is_locked": row.state == SuspicionState.LOCKED,
            "appeal_waits": row.state == SuspicionState.LOCKED and row.appealed_at and not row.answered_at,
            "days": bulk.DAYS,
            **more,
        }
        return TemplateResponse(request, "admin/booking/suspicion/judge.html", context)
