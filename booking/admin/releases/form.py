"""The form of a release rule: portions as simple rows, and the group of sites within the editor's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import ReleaseRule
from booking.rules.release import Portion, problem_with
from sites.scope import Scope

# Rows for portions; the first one comes when slots open.
ROWS = 4
MOST_MINUTES = 14 * 24 * 60

_PROBLEMS = {
    "percent": gettext_lazy("每批填 1 到 100。"),
    "first": gettext_lazy("请填开放时放出多少。"),
    "order": gettext_lazy("后一批要比前一批晚。"),
    "sum": gettext_lazy("各批加起来要等于 100 %。"),
}


class ReleaseRuleForm(forms.ModelForm):
    """`scope` is set by the admin: whose rule it may be."""

    scope: Scope

    percent_1 = forms.IntegerField(label=gettext_lazy("开放时放出（%）"), required=False, min_value=1, max_value=100)
    percent_2 = forms.IntegerField(label=gettext_lazy("第 2 批（%）"), required=False, min_value=1, max_value=100)
    minutes_2 = forms.IntegerField(
        label=gettext_lazy("开放后几分钟"), required=False, min_value=1, max_value=MOST_MINUTES
    )
    percent_3 = forms.IntegerField(label=gettext_lazy("第 3 批（%）"), required=False, min_value=1, max_value=100)
    minutes_3 = forms.IntegerField(
        label=gettext_lazy("开放后几分钟"), required=False, min_value=1, max_value=MOST_MINUTES
    )
    percent_4 = forms.IntegerField(label=gettext_lazy("第 4 批（%）"), required=False, min_value=1, max_value=100)
    minutes_4 = forms.IntegerField(
        label=gettext_lazy("开放后几分钟"), required=False, min_value=1, max_value=MOST_MINUTES
    )

    class Meta:
        model = ReleaseRule
        fields = ["name", "programme", "districts", "sites", "opens", "days_ahead", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row, (percent, minutes) in enumerate(self.instance.portions[:ROWS], start=1):
            self.initial[f"percent_{row}"] = percent
            if row > 1:
                self.initial[f"minutes_{row}"] = minutes

    def clean_days_ahead(self) -> int:
        days: int = self.cleaned_data["days_ahead"]
        if days > 90:
            raise forms.ValidationError(_("最多提前 90 天。"))
        return days

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        self._clean_portions(found)
        if not self.scope.everywhere and not self.errors:
            self._clean_scope(found)
        return found

    def _clean_portions(self, found: dict[str, Any]) -> None:
        rows: list[tuple[int | None, int | None]] = [(found.get("percent_1"), 0)]
        rows += [(found.get(f"percent_{row}"), found.get(f"minutes_{row}")) for row in range(2, ROWS + 1)]
        for row, (percent, minutes) in enumerate(rows[1:], start=2):
            if (percent is None) != (minutes is None) and not self.errors:
                self.add_error(f"minutes_{row}", _("百分比和分钟数要一起填，或者都不填。"))
        if self.errors:
            return
        filled = [(percent, minutes) for percent, minutes in rows if percent is not None and minutes is not None]
        problem = problem_with([Portion(*row) for row in filled]) if filled else ""
        if problem:
            self.add_error("percent_1", str(_PROBLEMS[problem]))
        self.instance.portions = [] if filled == [(100, 0)] else [list(row) for row in filled]

    def _clean_scope(self, found: dict[str, Any]) -> None:
        districts, sites = found.get("districts") or [], found.get("sites") or []
        if not districts and not sites:
            self.add_error("districts", _("请至少选一个区县或接种点。全市的规则由市级管理员设。"))
        if any(district.pk not in self.scope.districts for district in districts):
            self.add_error("districts", _("只能选您负责的区县。"))
        if any(not self.scope.has_site(site) for site in sites):
            self.add_error("sites", _("只能选您负责的接种点。"))
