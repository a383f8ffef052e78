"""The page of a programme's way of release: fill in, look at what it would mean, try somebody, apply, take back.

Nothing is kept between these steps but what the form itself carries.
"""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.addresses import origin_of
from accounts.models import User
from booking.admin.releases import mode_form, mode_trial, mode_words
from booking.admin.releases.mode_form import Draft
from booking.admin.releases.words import for_whom, named
from booking.models import Programme, ReleaseMode
from booking.operations.releases.refusals import ModeNotSet
from booking.operations.releases.set_release_mode import set_release_mode, undo_release_mode
from booking.queries.release_preview import ahead, people_in
from booking.queries.release_settings import change_to_undo, release_setting
from booking.rules.release_setting import ReleaseSetting

_REFUSED = {
    "changed": gettext_lazy("您填的时候，有人改了这个项目的放号方式，所以没有改。您填的都还在，请再看一遍。"),
    "no_cohorts": gettext_lazy("分批次放号，请至少填一批。"),
    "nothing_to_undo": gettext_lazy("没有撤销：放号方式后来又有人改过，或已经撤销了。"),
}
# What each mode needs, by the admin's address.
_NEEDS = {
    ReleaseMode.OPEN: ("booking_releasequeue_changelist", gettext_lazy("放号排队")),
    ReleaseMode.INVITATION: ("booking_invitationlist_changelist", gettext_lazy("邀请名单")),
    ReleaseMode.DRAW: ("booking_draw_changelist", gettext_lazy("摇号")),
}


def release_view(model_admin: "ModelAdmin[Programme]", request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows what is set; every step is a POST to the same address, named by its button."""
    programme = get_object_or_404(model_admin.get_queryset(request).prefetch_related("districts"), pk=pk)
    if not model_admin.has_view_permission(request, programme):
        raise PermissionDenied
    may_change = model_admin.has_change_permission(request, programme)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    page = _Page(model_admin, request, programme, may_change)
    if request.method != "POST":
        return page.form(mode_form.draft_of(page.present))
    step, _colon, number = request.POST.get("step", "").partition(":")
    if step == "undo":
        return page.undo()
    if step in ("add", "remove", "five", "edit"):
        return page.rows(step, number)
    return page.go_on(step)


class _Page:
    """One request: the programme, what is set now, and what may be done."""

    def __init__(
        self, model_admin: "ModelAdmin[Programme]", request: HttpRequest, programme: Programme, may_change: bool
    ) -> None:
        self.model_admin, self.request, self.programme, self.may_change = model_admin, request, programme, may_change
        self.now = timezone.localtime()
        self.present = release_setting(programme)

    # --- Filling in --------------------------------------------------------------------------------------------------

    def form(self, draft: Draft, *, checked: bool = False, five: str = "", problem: str = "") -> HttpResponse:
        """The form; what is wrong is said only once it was asked for."""
        tomorrow = timezone.localdate(self.now) + timedelta(days=1)
        modes = [(value, label, mode_words.MODES[value]) for value, label in ReleaseMode.choices]
        return self._render(
            "release.html",
            draft=draft,
            chosen=draft.data.get("mode"),
            modes=modes,
            checked=checked,
            problem=problem,
            five_from=self.request.POST.get("five_from") or tomorrow.isoformat(),
            five_error=five,
            change=change_to_undo(self.programme, self.present) if self.may_change else None,
            most_rows=mode_form.MOST_ROWS,
        )

    def rows(self, step: str, number: str) -> HttpResponse:
        """A row more or fewer, or five days at once; or back from the look at it."""
        data = self.request.POST
        if step == "add":
            return self.form(mode_form.with_one_more(data))
        if step == "remove" and number.isdecimal() and len(number) < 4:
            return self.form(mode_form.without(data, int(number)))
        if step == "five":
            try:
                return self.form(mode_form.with_days_by_digits(data, date.fromisoformat(data.get("five_from", ""))))
            except (ValueError, OverflowError):
                return self.form(Draft(data), five=_("请填第一天的日期。"))
        return self.form(Draft(data))

    # --- Looking, applying, taking back ------------------------------------------------------------------------------

    def go_on(self, step: str) -> HttpResponse:
        """Look at it, try somebody, or apply it: only what is right."""
        draft = Draft(self.request.POST)
        if not draft.is_valid():
            return self.form(draft, checked=True)
        if step == "apply":
            return self._apply(draft)
        trial = mode_trial.TrialForm(self.request.POST if step == "try" else None)
        return self._preview(draft, trial)

    def undo(self) -> HttpResponse:
        entry = self.request.POST.get("entry", "")
        try:
            undo_release_mode(
                programme_id=self.programme.pk,
                entry=int(entry) if entry.isdecimal() and len(entry) < 18 else 0,
                by=self._user(),
                origin=origin_of(self.request),
                now=self.now,
            )
        except ModeNotSet as refusal:
            messages.error(self.request, str(_REFUSED[refusal.facts["reason"]]))
        else:
            messages.success(self.request, _("已改回原来的放号方式，几秒内生效。"))
        return HttpResponseRedirect(self.request.path)

    def _apply(self, draft: Draft) -> HttpResponse:
        try:
            set_release_mode(
                programme_id=self.programme.pk,
                mode=draft.mode.cleaned_data["mode"],
                cohorts=draft.cohorts() if draft.is_by_cohort else None,
                seen=draft.mode.cleaned_data["seen"],
                by=self._user(),
                origin=origin_of(self.request),
                now=self.now,
            )
        except ModeNotSet as refusal:
            again = self.request.POST.copy()
            again["seen"] = self.present.digest()
            return self.form(Draft(again), problem=str(_REFUSED[refusal.facts["reason"]]))
        messages.success(self.request, _("放号方式已改，几秒内对所有人生效。改错了可以在下面撤销。"))
        return HttpResponseRedirect(self.request.path)

    def _preview(self, draft: Draft, trial: mode_trial.TrialForm) -> HttpResponse:
        setting, found = draft.setting(self.present), ahead(self.programme, now=self.now)
        rules = setting.rules if setting.mode == ReleaseMode.COHORT else []
        people = people_in(rules, self.programme, today=timezone.localdate(self.now))
        last = found.last or max([self.now, *(one.opens_at for one in rules)]) + timedelta(days=1)
        somebody = trial.somebody(self.programme, by=self._user(), now=self.now) if trial.is_valid() else None
        return self._render(
            "release_preview.html",
            hidden=draft.hidden(),
            mode=ReleaseMode(setting.mode).label,
            mode_words=mode_words.MODES[setting.mode],
            is_by_cohort=bool(rules),
            is_same=setting.digest() == self.present.digest(),
            ahead=found,
            people=people,
            rows=_rows(setting, people.in_cohorts) if rules else [],
            timeline=mode_words.timeline(setting, now=self.now, last=last) if rules else [],
            fates=mode_words.fates(self.present, setting, found),
            warnings=mode_words.warnings(setting, self.programme, found, now=self.now),
            trial=trial,
            answer=mode_trial.answer(somebody, setting, self.programme, now=self.now) if somebody else None,
        )

    def _render(self, template: str, **more: Any) -> HttpResponse:
        present = self.present
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "opts": self.model_admin.opts,
            "title": _("放号方式：%(name)s") % {"name": named(self.programme)},
            "programme": self.programme,
            "whom": for_whom(self.programme),
            "present": ReleaseMode(present.mode).label,
            "present_words": mode_words.MODES[present.mode],
            "present_rows": _rows(present, ()) if present.mode == ReleaseMode.COHORT else [],
            "needs": _needs(),
            "may_change": self.may_change,
            **more,
        }
        return TemplateResponse(self.request, f"admin/booking/programme/{template}", context)

    def _user(self) -> User:
        user = self.request.user
        assert isinstance(user, User)
        return user


def _rows(setting: ReleaseSetting, counts: tuple[int, ...]) -> list[dict[str, Any]]:
    most = max(counts, default=0)
    numbers = counts or (0,) * len(setting.cohorts)
    return [
        {
            "name": mode_words.named(one),
            "whom": mode_words.whom(one.rule),
            "when": mode_words.until(one.rule.opens_at, one.rule.closes_at),
            "people": count,
            # A hundredth at least, so that it is seen.
            "width": max(round(count * 100 / most), 1) if most else 0,
        }
        for one, count in zip(setting.cohorts, numbers, strict=True)
    ]


def _needs() -> list[tuple[str, Any]]:
    found = []
    for name, label in _NEEDS.values():
        try:
            found.append((reverse(f"admin:{name}"), label))
        except NoReverseMatch:
            # This installation has no such page.
            continue
    return found
