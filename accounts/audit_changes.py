"""What a form of the admin changed, in plain values that may stand in the audit trail."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Manager, Model, QuerySet
from django.utils.translation import override

from accounts.audit import HIDDEN
from accounts.encryption import EncryptedTextField
from accounts.models import Patient

Change = tuple[dict[str, Any], dict[str, Any]]
# Long texts and lists are cut: the trail says what changed, it is not a copy of the table.
_LONGEST = 500


def of_form(form: Any, *, is_new: bool) -> Change:
    """The fields that the form changed, before and after; of a new row those that were filled in."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    model = type(form.instance)
    for name in form.changed_data:
        if name not in form.cleaned_data:
            continue
        if not is_new:
            before[name] = _shown(model, name, _old(form, name))
        after[name] = _shown(model, name, form.cleaned_data[name])
    return before, after


def of_formset(formset: Any) -> Change:
    """The same for rows that are edited inside another one: each field as "row · field"."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    forms = {id(form.instance): form for form in formset.forms}
    new = list(getattr(formset, "new_objects", []))
    changed = [row for row, _fields in getattr(formset, "changed_objects", [])]
    for row in [*new, *changed]:
        form = forms.get(id(row))
        if form is None:
            continue
        old, now = of_form(form, is_new=row in new)
        before |= {f"{_label(row)} · {name}": value for name, value in old.items()}
        after |= {f"{_label(row)} · {name}": value for name, value in now.items()}
    for row in getattr(formset, "deleted_objects", []):
        before[_label(row)] = str(row)[:_LONGEST]
        after[_label(row)] = None
    return before, after


def of_row(row: Model) -> dict[str, Any]:
    """All fields of a row that is about to be deleted."""
    return {field.name: _shown(type(row), field.name, getattr(row, field.name)) for field in row._meta.concrete_fields}


def plain(value: Any) -> Any:
    """A value as the trail's JSON can hold it."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list | tuple | set | QuerySet | Manager):
        rows: Iterable[Any] = value.all() if isinstance(value, QuerySet | Manager) else value
        return [plain(one) for one in list(rows)[:100]]
    # A place has a name in each language; the trail has one.
    with override("zh-hans"):
        return str(value)[:_LONGEST]


def _old(form: Any, name: str) -> Any:
    value = form.initial.get(name)
    field = form.fields.get(name)
    # A choice of rows begins with keys; people want to read names.
    queryset = getattr(field, "queryset", None)
    if queryset is None or value in (None, ""):
        return value
    model, to_field = queryset.model, getattr(field, "to_field_name", None) or "pk"
    several = isinstance(value, list | tuple | set | QuerySet)
    keys = [one.pk if isinstance(one, Model) else one for one in (value if several else [value])]
    rows = list(model._default_manager.filter(**{f"{to_field}__in": keys}))
    return rows if several else (rows[0] if rows else value)


def _shown(model: Any, name: str, value: Any) -> Any:
    return HIDDEN if value and _is_secret(model, name) else plain(value)


def _is_secret(model: Any, name: str) -> bool:
    if "password" in name or (issubclass(model, Patient) and name == "name"):
        return True
    try:
        return isinstance(model._meta.get_field(name), EncryptedTextField)
    except FieldDoesNotExist:
        return False


def _label(row: Model) -> str:
    with override("zh-hans"):
        return f"{row._meta.verbose_name} {row}"[:120]
