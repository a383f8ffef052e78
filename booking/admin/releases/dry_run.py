"""The dry run: what a rule would change, what a moment would release, where, and for whom."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_steps import fresh_code_first
from accounts.audited import note
from accounts.models import Sex
from accounts.spreadsheets import csv_bytes
from booking.admin.releases import words
from booking.admin.releases.timeline import DAYS
from booking.models import Programme, ReleaseRule
from booking.queries.release_effect import effect_of
from booking.queries.release_plan import Coming, coming
from booking.queries.sample_person import SamplePerson, may_book
from sites.queries import district_names
from sites.scope import scope_of


class SampleForm(forms.Form):
    """Somebody who is only thought up."""

    age = forms.IntegerField(label=gettext_lazy("年龄"), min_value=0, max_value=120)
    sex = forms.ChoiceField(label=gettext_lazy("性别"), choices=Sex.choices)
    # Where somebody lives is no matter of the editor's own part of the city.
    district = forms.ChoiceField(label=gettext_lazy("居住区县"), choices=district_names)
    doses = forms.IntegerField(label=gettext_lazy("已打几剂"), min_value=0, max_value=9, initial=0)


def dry_run_view(model_admin: "ModelAdmin[ReleaseRule]", request: HttpRequest) -> HttpResponse:
    """What the rule in ?rule= would change; without one, what the next moment, or that in ?at=, releases.

    Everything by GET: nothing here changes anything.
    """
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    now, wanted = timezone.now(), request.GET.get("rule", "")
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("放号演练"),
    }
    if wanted:
        context |= _of_rule(model_admin, request, wanted, now=now)
        return TemplateResponse(request, "admin/booking/releaserule/effect.html", context)
    ahead = coming(scope_of(request.user), now=now, until=now + timedelta(days=DAYS))
    at = _moment(request.GET.get("at", ""), ahead)
    then = [one for one in ahead if one.at == at]
    if request.GET.get("csv"):
        return _csv(request, then)
    form = SampleForm(request.GET if "age" in request.GET else None)
    context |= {
        "moments": _choices(ahead),
        "at": timezone.localtime(at) if at else None,
        "slots": sum(one.slots for one in then if not one.is_portion),
        "places": sum(one.places for one in then),
        "programmes": [(words.named(one), words.for_whom(one)) for one in _programmes(then)],
        "districts": _by_district(then),
        "may_export": request.user.has_perm("booking.export_figures"),
        "form": form,
        "answers": _answers(form, then),
    }
    return TemplateResponse(request, "admin/booking/releaserule/dry_run.html", context)


def _of_rule(
    model_admin: "ModelAdmin[ReleaseRule]", request: HttpRequest, wanted: str, *, now: datetime
) -> dict[str, Any]:
    pk = int(wanted) if wanted.isdecimal() and len(wanted) < 18 else 0
    rule = get_object_or_404(model_admin.get_queryset(request).select_related("programme"), pk=pk)
    return {
        "rule": rule,
        "rule_programme": words.named(rule.programme),
        "rule_portions": words.portions_of(rule),
        "effect": effect_of(rule, scope_of(request.user), now=now),
        "may_apply": model_admin.has_change_permission(request, rule),
    }


def _moment(wanted: str, ahead: Sequence[Coming]) -> datetime | None:
    """The moment asked for, or else the next one."""
    known = [one.at for one in ahead]
    try:
        asked = datetime.fromisoformat(wanted.replace(" ", "+"))
    except ValueError:
        asked = None
    return asked if asked in known else min(known, default=None)


def _choices(ahead: Sequence[Coming]) -> list[tuple[str, datetime, str]]:
    names: dict[datetime, dict[str, None]] = {}
    for one in ahead:
        names.setdefault(one.at, {})[words.named(one.programme)] = None
    return [(at.isoformat(), timezone.localtime(at), words.some_of(list(found))) for at, found in names.items()]


def _programmes(then: Sequence[Coming]) -> list[Programme]:
    return list({one.programme.pk: one.programme for one in then}.values())


def _by_district(then: Sequence[Coming]) -> list[dict[str, Any]]:
    districts: dict[str, dict[str, Any]] = {}
    for one in then:
        district = districts.setdefault(
            one.site.district_id, {"name": str(one.site.district), "sites": {}, "slots": 0, "places": 0}
        )
        row = district["sites"].setdefault(
            (one.site.code, one.programme.pk),
            {"site": one.site, "programme": words.named(one.programme), "days": [], "slots": 0, "places": 0},
        )
        row["days"] = sorted({*row["days"], one.day})
        for target in (district, row):
            target["slots"] += one.slots
            target["places"] += one.places
    return [
        {**found, "sites": list(found["sites"].values()), "n_sites": len({code for code, _programme in found["sites"]})}
        for _code, found in sorted(districts.items())
    ]


def _answers(form: SampleForm, then: Sequence[Coming]) -> list[dict[str, Any]] | None:
    if not form.is_valid():
        return None
    person = SamplePerson(**form.cleaned_data)
    answers = []
    for programme in _programmes(then):
        own = [one for one in then if one.programme == programme]
        [(_programme, decision)] = may_book(person, [programme], on=min(one.day for one in own))
        answers.append(
            {
                "programme": words.named(programme),
                "may": decision.dose is not None,
                "words": words.decided(decision),
                "places": sum(one.places for one in own),
            }
        )
    return answers


def _csv(request: HttpRequest, then: Sequence[Coming]) -> HttpResponse:
    if not request.user.has_perm("booking.export_figures"):
        raise PermissionDenied
    if (first := fresh_code_first(request)) is not None:
        return first
    head = [
        _("放号时间"), _("区县"), _("接种点编号"), _("接种点"), _("接种项目"), _("日期"), _("时段"), _("号"),
        _("谁可以约"),
    ]  # fmt: skip
    rows = (
        [
            f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}", str(one.site.district), one.site.code, one.site.name,
            words.named(one.programme), one.day.isoformat(), one.slots, one.places, words.for_whom(one.programme),
        ]
        for one in then
    )  # fmt: skip
    note(request, "export", "booking.releaserule", "release.csv")
    headers = {"Content-Disposition": 'attachment; filename="release.csv"'}
    return HttpResponse(csv_bytes(head, rows), content_type="text/csv; charset=utf-8", headers=headers)
