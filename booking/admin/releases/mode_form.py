"""The form of a way of release: the mode, and cohorts as rows that can be added and taken away without JavaScript."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import ReleaseMode
from booking.rules.cohort_gaps import DIGITS
from booking.rules.release_modes import CohortRule
from booking.rules.release_setting import NamedCohort, ReleaseSetting, by_digits

MOST_ROWS = 20
_PREFIX = "cohorts"
_FIELDS = ("name", "name_en", "digits", "born_from", "born_until", "opens_at", "closes_at")


class _Day(forms.DateInput):
    input_type = "date"


class _Moment(forms.DateTimeInput):
    input_type = "datetime-local"


class ModeForm(forms.Form):
    """Which way, and the digest of what stood there when the page was opened."""

    use_required_attribute = False
    mode = forms.ChoiceField(
        label=gettext_lazy("放号方式"),
        choices=ReleaseMode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一种放号方式。")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class CohortForm(forms.Form):
    """A cohort; a row with nothing in it is none."""

    use_required_attribute = False
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=80)
    digits = forms.MultipleChoiceField(
        label=gettext_lazy("证件尾号（都不勾就是任何尾号）"),
        choices=[(digit, digit) for digit in DIGITS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    born_from = forms.DateField(label=gettext_lazy("生于（起，可不填）"), widget=_Day, required=False)
    born_until = forms.DateField(label=gettext_lazy("生于（止，含这天，可不填）"), widget=_Day, required=False)
    opens_at = forms.DateTimeField(label=gettext_lazy("几时起可以约"), widget=_Moment)
    closes_at = forms.DateTimeField(label=gettext_lazy("约到几时（不填就不停）"), widget=_Moment, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        born_from, born_until = found.get("born_from"), found.get("born_until")
        if born_from and born_until and born_until < born_from:
            self.add_error("born_until", _("要不早于“生于（起）”。"))
        opens_at, closes_at = found.get("opens_at"), found.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("要晚于“几时起可以约”。"))
        return found

    def cohort(self) -> NamedCohort:
        """What was filled in."""
        found = self.cleaned_data
        closes_at = found["closes_at"]
        rule = CohortRule(
            frozenset(found["digits"]),
            found["born_from"],
            found["born_until"],
            timezone.localtime(found["opens_at"]),
            timezone.localtime(closes_at) if closes_at else None,
        )
        return NamedCohort(found["name"], found["name_en"], rule)


_Rows = forms.formset_factory(CohortForm, extra=0, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS)


class Draft:
    """What stands in the form, right or not. `cohorts` and `setting` only after `is_valid`."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.mode = ModeForm(data)
        self.rows: Any = _Rows(data, prefix=_PREFIX)

    @property
    def is_by_cohort(self) -> bool:
        return self.data.get("mode") == ReleaseMode.COHORT

    def is_valid(self) -> bool:
        """Whether it can be looked at. Rows count in the mode by cohort only."""
        if not self.mode.is_valid():
            return False
        if not self.is_by_cohort:
            return True
        if self.rows.is_valid() and not self.cohorts():
            self.mode.add_error("mode", _("分批次放号，请至少填一批。"))
        return bool(self.rows.is_valid() and self.mode.is_valid())

    def cohorts(self) -> list[NamedCohort]:
        """The rows that are filled in."""
        return [row.cohort() for row in self.rows if row.has_changed()]

    def setting(self, present: ReleaseSetting) -> ReleaseSetting:
        """What would be set; cohorts stay as they are in every other mode."""
        cohorts = tuple(self.cohorts()) if self.is_by_cohort else present.cohorts
        return ReleaseSetting(str(self.mode.cleaned_data["mode"]), cohorts)

    def hidden(self) -> list[Any]:
        """All of it as hidden fields."""
        fields = [*self.mode, *self.rows.management_form, *(field for row in self.rows for field in row)]
        return [field.as_hidden() for field in fields]


def draft_of(setting: ReleaseSetting) -> Draft:
    """The form with what is set now; an empty row where there is no cohort."""
    data = QueryDict(mutable=True)
    data["mode"], data["seen"] = setting.mode, setting.digest()
    _write(data, [_values(one) for one in setting.cohorts] or [{}])
    return Draft(data)


def with_one_more(data: QueryDict) -> Draft:
    """The same with an empty row at the end."""
    return _with(data, [*_read(data), {}])


def without(data: QueryDict, number: int) -> Draft:
    """The same without that row; an empty one stays."""
    rows = [row for n, row in enumerate(_read(data)) if n != number]
    return _with(data, rows or [{}])


def with_days_by_digits(data: QueryDict, first: date) -> Draft:
    """The same with five days of two digits each, instead of empty rows."""
    filled = [row for row in _read(data) if any(row.values())]
    proposed = []
    for rule in by_digits(first, timezone.get_current_timezone()):
        digits = sorted(rule.digits, key=lambda digit: (digit == "0", digit))
        # Each in its own language, whoever proposes it.
        name, name_en = f"尾号 {'、'.join(digits)}", f"Last digit {' or '.join(digits)}"
        proposed.append(_values(NamedCohort(name, name_en, rule)))
    return _with(data, [*filled, *proposed])


def _with(data: QueryDict, rows: Sequence[Mapping[str, list[str]]]) -> Draft:
    changed = data.copy()
    _write(changed, rows[:MOST_ROWS])
    return Draft(changed)


def _read(data: QueryDict) -> list[dict[str, list[str]]]:
    total = data.get(f"{_PREFIX}-TOTAL_FORMS", "0")
    count = min(int(total), MOST_ROWS) if total.isdecimal() and len(total) < 4 else 0
    rows = ({name: data.getlist(f"{_PREFIX}-{n}-{name}") for name in _FIELDS} for n in range(count))
    return [{name: [one for one in values if one] for name, values in row.items()} for row in rows]


def _write(data: QueryDict, rows: Sequence[Mapping[str, list[str]]]) -> None:
    for name in [name for name in data if name.startswith(f"{_PREFIX}-")]:
        del data[name]
    data[f"{_PREFIX}-TOTAL_FORMS"], data[f"{_PREFIX}-INITIAL_FORMS"] = str(len(rows)), "0"
    for n, row in enumerate(rows):
        for name, values in row.items():
            data.setlist(f"{_PREFIX}-{n}-{name}", values)


def _values(cohort: NamedCohort) -> dict[str, list[str]]:
    rule = cohort.rule
    found = {
        "name": [cohort.name],
        "name_en": [cohort.name_en],
        "digits": sorted(rule.digits),
        "born_from": [rule.born_from.isoformat()] if rule.born_from else [],
        "born_until": [rule.born_until.isoformat()] if rule.born_until else [],
        "opens_at": [f"{rule.opens_at:%Y-%m-%dT%H:%M}"],
        "closes_at": [f"{rule.closes_at:%Y-%m-%dT%H:%M}"] if rule.closes_at else [],
    }
    return found
