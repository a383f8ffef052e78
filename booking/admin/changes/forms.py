"""One form for each kind of bulk change. Each ends in `params`: what is stored with the change."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTimeWidget
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import Programme
from sites.models import District, Site
from sites.scope import Scope

MOST_DAYS = 62
MOST_WEEKS = 8


class ChangeForm(forms.Form):
    """Which sites: some of them, or all that are in use in some districts."""

    districts = forms.ModelMultipleChoiceField(
        District.objects.none(), label=gettext_lazy("整个区县"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("勾上就是这个区县里所有启用的接种点"),
    )  # fmt: skip
    sites = forms.ModelMultipleChoiceField(
        Site.objects.none(), label=gettext_lazy("接种点"), required=False,
        help_text=gettext_lazy("输入名称或编号来找，可以选多个"),
    )  # fmt: skip

    kind: ClassVar[str]
    reason = ""

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope
        districts, sites = self.fields["districts"], self.fields["sites"]
        districts.queryset = District.objects.filter(  # type: ignore[attr-defined]
            Q() if scope.everywhere else Q(pk__in=scope.districts)
        )
        sites.queryset = Site.objects.filter(scope.of_sites())  # type: ignore[attr-defined]
        if not (scope.everywhere or scope.districts):
            del self.fields["districts"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not self.site_ids():
            self.add_error("sites", _("请选择接种点，或勾选整个区县。"))
        return found

    def site_ids(self) -> list[int]:
        """The sites that were chosen; those of whole districts only as far as they are in use."""
        chosen = {site.pk for site in self.cleaned_data.get("sites", ())}
        districts = self.cleaned_data.get("districts")
        if districts:
            in_use = Site.objects.filter(self.scope.of_sites(), district__in=districts, is_active=True)
            chosen |= set(in_use.values_list("pk", flat=True))
        return sorted(chosen)

    def params(self) -> dict[str, Any]:
        """What is stored with the change."""
        raise NotImplementedError


class Days(forms.Form):
    """From the first to the last day."""

    first = forms.DateField(label=gettext_lazy("从哪天"), widget=AdminDateWidget)
    last = forms.DateField(label=gettext_lazy("到哪天"), widget=AdminDateWidget, help_text=gettext_lazy("含这天"))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and last < first:
            self.add_error("last", _("结束日期不能早于开始日期。"))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("last", _("一次最多 %(most)d 天。") % {"most": MOST_DAYS})
        elif last and last < timezone.localdate():
            self.add_error("last", _("这些日子都过去了。"))
        return found


class OneProgramme(forms.Form):
    """Of one programme, or of all."""

    programme = forms.ModelChoiceField(
        Programme.objects.filter(is_active=True), label=gettext_lazy("接种项目"), required=False,
        to_field_name="code", empty_label=gettext_lazy("全部项目"),
    )  # fmt: skip

    def programme_id(self) -> int | None:
        """Its key, None for all."""
        programme = self.cleaned_data.get("programme")
        return programme.pk if programme else None


class TimeOfDay(Days, OneProgramme):
    """Days, and on them the whole day or a stretch of time."""

    begins = forms.TimeField(
        label=gettext_lazy("从几点"), required=False, widget=AdminTimeWidget,
        help_text=gettext_lazy("不填就是全天"),
    )  # fmt: skip
    ends = forms.TimeField(label=gettext_lazy("到几点"), required=False, widget=AdminTimeWidget)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("begins") and found.get("ends") and found["ends"] <= found["begins"]:
            self.add_error("ends", _("结束要晚于开始。"))
        return found

    def stretch(self) -> dict[str, Any]:
        """What is stored of days and times."""
        found = self.cleaned_data
        return {
            "programme": self.programme_id(),
            "first": found["first"].isoformat(),
            "last": found["last"].isoformat(),
            "begins": found["begins"].isoformat() if found["begins"] else None,
            "ends": found["ends"].isoformat() if found["ends"] else None,
        }


class SetForm(ChangeForm, TimeOfDay):
    kind = "set"
    NUMBERS = ("quota", "walk_in", "community", "doses")
    quota = forms.IntegerField(
        label=gettext_lazy("每段号源数"), required=False, min_value=0, max_value=100_000,
        help_text=gettext_lazy("网上能约的。不填就不改"),
    )  # fmt: skip
    walk_in = forms.IntegerField(label=gettext_lazy("留给现场"), required=False, min_value=0, max_value=100_000)
    community = forms.IntegerField(label=gettext_lazy("留给社区"), required=False, min_value=0, max_value=100_000)
    doses = forms.IntegerField(label=gettext_lazy("留给后续剂次"), required=False, min_value=0, max_value=100_000)
    field_order = ["sites", "districts", "programme", "first", "last", "begins", "ends"]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if not self.errors and all(found[name] is None for name in self.NUMBERS):
            self.add_error("quota", _("请填至少一个数。"))
        return found

    def params(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {**self.stretch(), **{name: found[name] for name in self.NUMBERS}}


class CloseForm(ChangeForm, TimeOfDay):
    kind = "close"
    why = forms.CharField(
        label=gettext_lazy("原因"), max_length=120, help_text=gettext_lazy("如果要通知已约的人，短信里会写这一句"),
    )  # fmt: skip
    field_order = ["sites", "districts", "programme", "first", "last", "begins", "ends", "why"]

    def params(self) -> dict[str, Any]:
        self.reason = self.cleaned_data["why"]
        return self.stretch()


class ReopenForm(ChangeForm, TimeOfDay):
    kind = "reopen"
    field_order = ["sites", "districts", "programme", "first", "last", "begins", "ends"]

    def params(self) -> dict[str, Any]:
        return self.stretch()


class CopyForm(ChangeForm, OneProgramme):
    kind = "copy"
    source = forms.DateField(
        label=gettext_lazy("复制哪一周"), widget=AdminDateWidget, help_text=gettext_lazy("这一周里的任意一天"),
    )  # fmt: skip
    first = forms.DateField(
        label=gettext_lazy("从哪一周开始"), widget=AdminDateWidget, help_text=gettext_lazy("这一周里的任意一天"),
    )  # fmt: skip
    weeks = forms.IntegerField(label=gettext_lazy("复制到几周"), min_value=1, max_value=MOST_WEEKS, initial=1)
    overwrite = forms.BooleanField(label=gettext_lazy("单独改过的也覆盖"), required=False)
    field_order = ["sites", "districts", "programme", "source", "first", "weeks", "overwrite"]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if not self.errors and monday(found["source"]) in self._targets():
            self.add_error("first", _("不能复制到同一周。"))
        if not self.errors and max(self._targets()) + timedelta(days=6) < timezone.localdate():
            self.add_error("first", _("这些日子都过去了。"))
        return found

    def params(self) -> dict[str, Any]:
        return {
            "programme": self.programme_id(),
            "source": monday(self.cleaned_data["source"]).isoformat(),
            "targets": [target.isoformat() for target in self._targets()],
            "overwrite": self.cleaned_data["overwrite"],
        }

    def _targets(self) -> list[date]:
        first = monday(self.cleaned_data["first"])
        return [first + timedelta(weeks=n) for n in range(self.cleaned_data["weeks"])]


def monday(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def ids_of(text: str) -> Iterable[int]:
    """The keys of a comma-joined list; what is no number is left out."""
    return [int(part) for part in text.split(",") if part.isdecimal() and len(part) < 15]
