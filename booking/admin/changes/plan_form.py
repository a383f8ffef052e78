"""Applying a plan: the form that also proposes what to do on holidays and on the working days that make up for them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.admin.changes.forms import ChangeForm, Days
from booking.admin.holidays import holiday_name
from booking.models import QuotaPlan, Weekday
from booking.rules.holidays import SpecialDay, special_days
from sites.scope import Scope


class PlanForm(ChangeForm, Days):
    """Once the days are known, the special ones among them are proposed, and asked about before anything else."""

    kind = "plan"
    plan = forms.ModelChoiceField(
        QuotaPlan.objects.none(), label=gettext_lazy("号源模板"), to_field_name="code"
    )  # fmt: skip
    overwrite = forms.BooleanField(
        label=gettext_lazy("单独改过的也覆盖"), required=False,
        help_text=gettext_lazy("不勾：有人单独改过的时段保持不动"),
    )  # fmt: skip
    # The days for which the special ones have been shown.
    shown_for = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ["plan", "sites", "districts", "first", "last", "overwrite"]

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, scope=scope, **kwargs)
        plans = QuotaPlan.objects.filter(is_active=True, programme__is_active=True)
        if not scope.everywhere:
            plans = plans.filter(Q(district=None) | scope.of_districts("district")).distinct()
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]
        self.unknown_years: list[int] = []
        self.special: list[SpecialDay] = []
        days = self._days_given()
        if days is not None:
            self._propose(*days)

    def has_to_ask(self) -> bool:
        """Whether these days have special ones that have not been shown yet."""
        return bool(self.special or self.unknown_years) and self.data.get("shown_for") != self._range()

    def asked_again(self) -> "PlanForm":
        """The same form with the proposals in it, ticked."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["shown_for"] = self._range()
        for special in self.special:
            data[_name(special)] = "on" if special.is_holiday else str(Weekday.MONDAY.value)
        return PlanForm(data, scope=self.scope)

    def proposals(self) -> Iterator[forms.BoundField]:
        """The fields of the special days."""
        return (self[_name(special)] for special in self.special)

    def usual_fields(self) -> Iterator[forms.BoundField]:
        """The others that are seen."""
        special = {_name(one) for one in self.special}
        return (field for field in self.visible_fields() if field.name not in special)

    def params(self) -> dict[str, Any]:
        found = self.cleaned_data
        plan: QuotaPlan = found["plan"]
        holidays = [special for special in self.special if special.is_holiday]
        working = [special for special in self.special if not special.is_holiday]
        return {
            "programme": plan.programme_id,
            "plan": plan.pk,
            "plan_name": plan.name,
            # As the plan is now: what is carried out is what was looked at, whatever becomes of the plan.
            "sessions": [
                [row.weekday, f"{row.begins:%H:%M}", f"{row.ends:%H:%M}", row.minutes, row.places]
                for row in plan.sessions.all()
            ],
            "walk_in_percent": plan.walk_in_percent,
            "community_percent": plan.community_percent,
            "first": found["first"].isoformat(),
            "last": found["last"].isoformat(),
            "overwrite": found["overwrite"],
            "skip": [special.day.isoformat() for special in holidays if found[_name(special)]],
            "as_weekday": {
                special.day.isoformat(): int(found[_name(special)]) for special in working if found[_name(special)]
            },
        }

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("plan") and not found["plan"].sessions.exists():
            self.add_error("plan", _("这个模板里还没有时间段，请先去填。"))
        return found

    def _days_given(self) -> tuple[date, date] | None:
        field, data = forms.DateField(), self.data or self.initial
        try:
            first, last = field.clean(data.get("first")), field.clean(data.get("last"))
        except forms.ValidationError:
            return None
        return (first, last) if first <= last and (last - first).days < 100 else None

    def _range(self) -> str:
        return f"{self.data.get('first')}/{self.data.get('last')}"

    def _propose(self, first: date, last: date) -> None:
        for year, found in special_days(first, last).items():
            if found is None:
                self.unknown_years.append(year)
            self.special += found or []
        for special in self.special:
            self.fields[_name(special)] = _field(special)


def _name(special: SpecialDay) -> str:
    return f"day_{special.day.isoformat()}"


def _field(special: SpecialDay) -> forms.Field:
    facts = {"day": date_format(special.day, "Y-m-d D"), "name": holiday_name(special.name)}
    if special.is_holiday:
        return forms.BooleanField(label=_("%(day)s %(name)s：不开") % facts, required=False, initial=True)
    choices = [("", _("照当天的星期，不改")), *[(day.value, _as(day)) for day in Weekday]]
    return forms.ChoiceField(label=_("%(day)s %(name)s调休上班") % facts, required=False, choices=choices, initial=1)


def _as(weekday: Weekday) -> str:
    return _("按%(weekday)s开") % {"weekday": weekday.label}
