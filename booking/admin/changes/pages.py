"""What the pages of a bulk change show."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from booking.admin.changes import words
from booking.admin.changes.forms import ChangeForm
from booking.admin.changes.may import NEEDS, may_apply
from booking.models import ChangeKind, ChangeState, QuotaChange, WithAppointments
from booking.queries.quotas.results import results_of, touched_appointments, with_names
from booking.queries.quotas.undo import outlook

_MEANWHILE = "quota_change_meanwhile"
_MOST_SHOWN = 20


def new_context(model_admin: Any, request: HttpRequest, form: ChangeForm, kind: str) -> dict[str, Any]:
    """The form's page."""
    return {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": words.act(kind),
        "form": form,
        "kind": kind,
        "kinds": [(one, words.act(one)) for one in ChangeKind if request.user.has_perm(NEEDS[one])],
        "media": model_admin.media + form.media,
    }  # fmt: skip


def change_context(model_admin: Any, request: HttpRequest, change: QuotaChange) -> dict[str, Any]:
    """The page of a change, in whichever state it is."""
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": words.act(change.kind),
        "change": change,
        "sign": words.SIGNS[ChangeState(change.state)],
        "facts": words.facts_of(change),
        "may_apply": may_apply(request, change),
        "state": change.state,
    }
    if change.state == ChangeState.PREVIEWED:
        return {**context, **_preview(request, change)}
    return {**context, **_done(change)}


def remember_meanwhile(request: HttpRequest, rows: list[dict[str, Any]]) -> None:
    """Keep for the next page who changed which slot."""
    request.session[_MEANWHILE] = [
        {
            "site": row["site"], "by": row["by"], "at": row["at"].isoformat(), "why": "touched",
            "starts_at": row["starts_at"].isoformat(),
        }
        for row in rows[:_MOST_SHOWN]
    ]  # fmt: skip


def _preview(request: HttpRequest, change: QuotaChange) -> dict[str, Any]:
    summary = change.summary
    days = [day for day, _count in summary["days"]]
    sites = with_names(summary["sites"])
    may_see_people = request.user.has_perm("booking.view_appointment")
    affected = summary["appointments"]
    return {
        "counts": words.counts_of(change),
        "warnings": words.warnings_of(change),
        "button": words.button(change),
        "days": [(_short(day), count) for day, count in summary["days"]],
        "sites": [(row["site"], row["done"], [row["days"].get(day, 0) for day in days]) for row in sites],
        "more_sites": summary["more_sites"],
        "below": _told(summary["below"], "below"),
        "affected": affected["count"],
        "appointments": touched_appointments(affected["first"]) if may_see_people else [],
        "choices": WithAppointments.choices,
        "meanwhile": _told(request.session.pop(_MEANWHILE, []), "touched"),
    }


def _done(change: QuotaChange) -> dict[str, Any]:
    results, summary = results_of(change), change.summary
    under_way = change.state in (ChangeState.RUNNING, ChangeState.UNDOING)
    undone = change.state in (ChangeState.UNDOING, ChangeState.UNDONE)
    name = "undo_left" if undone else "left"
    ahead = outlook(change, now=timezone.now()) if change.state in (ChangeState.DONE, ChangeState.STOPPED) else None
    return {
        "under_way": under_way,
        "results": [(words.DID[kind], f"{results.done[kind]:,}") for kind in words.DID if results.done.get(kind)],
        "undone": f"{results.undone:,}" if results.undone else "",
        "people": summary.get("people"),
        "left": _told(summary.get(name, []), ""),
        "left_counts": [(words.WHY[why], n) for why, n in summary.get(f"{name}_counts", {}).items()],
        "ahead": None if ahead is None else f"{ahead['']:,}",
        "can_undo": bool(ahead and ahead[""]),
        "stays": [(words.WHY[why], n) for why, n in sorted(ahead.items()) if why] if ahead else [],
    }


def _told(rows: list[dict[str, Any]], why: str) -> list[tuple[Any, str, str]]:
    told = []
    for row in with_names(rows[:50]):
        named = {"why": why, **row}
        if named.get("at"):
            named["at"] = _moment(named["at"])
        starts_at = _moment(named["starts_at"]) if named.get("starts_at") else _("%(n)d 个时段") % {"n": row["slots"]}
        told.append((row["site"], starts_at, words.who_did(named)))
    return told


def _short(day: str) -> str:
    return day[5:]


def _moment(iso: str) -> str:
    moment = parse_datetime(iso)
    return date_format(timezone.localtime(moment), "m-d D H:i") if moment else ""
