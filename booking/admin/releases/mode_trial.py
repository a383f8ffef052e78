"""Trying a way of release on one person before it counts: when may they book?"""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.ages import age_on
from accounts.models import User
from booking.admin.releases import mode_words
from booking.models import Programme, ReleaseMode
from booking.queries.release_trial import Somebody, person_of
from booking.rules.cohort_gaps import DIGITS
from booking.rules.release_setting import ReleaseSetting


class TrialForm(forms.Form):
    """Somebody who is thought up, or the person of an appointment."""

    use_required_attribute = False
    prefix = "trial"
    born = forms.DateField(
        label=gettext_lazy("出生日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    digit = forms.ChoiceField(
        label=gettext_lazy("证件尾号"), required=False, choices=[("", "—"), *((one, one) for one in DIGITS)]
    )
    reference = forms.CharField(label=gettext_lazy("或者填预约号"), required=False, max_length=20)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("reference") and not self.errors:
            for name, text in (("born", _("请填出生日期，或预约号。")), ("digit", _("请选证件尾号，或填预约号。"))):
                if not found.get(name):
                    self.add_error(name, text)
        return found

    def somebody(self, programme: Programme, *, by: User, now: datetime) -> Somebody | None:
        """Who was meant; None with an error at the field if there is no such appointment."""
        found = self.cleaned_data
        if not found["reference"]:
            return Somebody(found["digit"], found["born"])
        reference = "".join(sign for sign in found["reference"] if not sign.isspace())
        somebody = person_of(reference, programme, by=by, now=now)
        if somebody is None:
            self.add_error("reference", _("没有这个预约号。"))
        return somebody


def answer(somebody: Somebody, setting: ReleaseSetting, programme: Programme, *, now: datetime) -> dict[str, Any]:
    """Whether and when they might book if this were set: `may`, `text`, and a line for each cohort of theirs."""
    age = age_on(somebody.born, timezone.localdate(now))
    facts: dict[str, Any] = {"name": somebody.name, "may": False, "lines": []}
    if not programme.min_age <= age <= programme.max_age:
        return {**facts, "text": _("%(age)d 岁，不在这个项目的年龄里。") % {"age": age}}
    if setting.mode == ReleaseMode.OPEN:
        return {**facts, "may": True, "text": _("到了放号时间就可以约。")}
    if setting.mode == ReleaseMode.DRAW:
        return {**facts, "text": _("不能自己约。登记摇号，中签后由系统约好。")}
    if setting.mode == ReleaseMode.INVITATION:
        return {**facts, **_by_invitation(somebody)}
    return {**facts, **_by_cohort(somebody, setting, now=now)}


def _by_invitation(somebody: Somebody) -> dict[str, Any]:
    if somebody.is_invited is None:
        return {"text": _("收到邀请才可以约。填预约号，可以看这个人有没有邀请。")}
    if somebody.is_invited:
        return {"may": True, "text": _("有邀请，现在就可以约。")}
    return {"text": _("现在没有有效的邀请，约不了。")}


def _by_cohort(somebody: Somebody, setting: ReleaseSetting, *, now: datetime) -> dict[str, Any]:
    own = [one for one in setting.cohorts if one.rule.has(somebody.digit, somebody.born)]
    ahead = [one for one in own if one.rule.closes_at is None or one.rule.closes_at > now]
    lines = [
        f"{mode_words.named(one)}{_('：')}{mode_words.until(one.rule.opens_at, one.rule.closes_at)}" for one in ahead
    ]
    if any(one.rule.is_open(now) for one in ahead):
        return {"may": True, "text": _("现在就可以约。"), "lines": lines}
    if ahead:
        first = min(one.rule.opens_at for one in ahead)
        return {"may": True, "text": _("%(when)s 起可以约。") % {"when": mode_words.at(first)}, "lines": lines}
    return {"text": _("这一批的时间都过了，约不了。") if own else _("不在任何一批，约不了。")}
