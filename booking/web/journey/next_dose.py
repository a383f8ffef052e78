"""The next dose with one tap: the page that a message leads to, with one suggestion and the ways round it."""

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import signed_ids
from accounts.request_keys import well_formed
from booking.notifications.of_due_doses import DUE_LINK
from booking.operations.book import book
from booking.operations.refusals import AlreadyBooked, Busy, Paused, Refusal
from booking.queries.next_dose import NextDose, NextTime, next_dose, time_for
from booking.queries.patients import PatientFacts, patients_with_doses
from booking.queries.programmes import ProgrammeRow
from booking.web import dates
from booking.web.journey import place
from booking.web.journey.bringing import brought_by
from booking.web.journey.choices import own_page, programme_of, user_of
from booking.web.journey.near import is_gone
from booking.web.wording import sentence


def due_address(one: NextDose) -> str:
    """The page's address for this dose, as messages and other pages link to it."""
    return reverse("due_dose", args=[signed_ids.signed(DUE_LINK, one.patient.patient_id), one.programme.code])


@own_page
def due_dose(request: HttpRequest, signed: str, programme: str) -> HttpResponseBase:
    """One time for the dose that is due; by POST it is booked."""
    patients = patients_with_doses(user_of(request))
    patient = _patient(patients, signed)
    wanted = programme_of(programme)
    now = timezone.now()
    one = next_dose(patient, wanted, now)
    if request.method != "POST":
        suggestion = time_for(one, patients, now=now) if one else None
        return _page(request, patient, wanted, one, suggestion)
    slots = place.slots_in(request.POST.get("slot", ""))
    key = request.POST.get("request_key", "")
    if len(slots) != 1 or not well_formed(key):
        raise Http404
    try:
        booked = book(
            account_id=user_of(request),
            patient_id=patient.patient_id,
            slot_id=slots[0],
            request_key=key,
            now=now,
            brought=brought_by(request),
        )
    except Refusal as refusal:
        suggestion = time_for(one, patients, now=now) if one else None
        return _page(request, patient, wanted, one, suggestion, refusal=refusal)
    return redirect(f"{reverse('appointment', args=[booked.reference])}?done=1")


def _patient(patients: list[PatientFacts], signed: str) -> PatientFacts:
    """The account's patient of the link. Raises Http404 for somebody else's, and for what is no link of ours."""
    patient_id = signed_ids.read(DUE_LINK, signed)
    found = next((one for one in patients if one.patient_id == patient_id), None)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    patient: PatientFacts,
    programme: ProgrammeRow,
    one: NextDose | None,
    suggestion: NextTime | None,
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    booked = next((dose for dose in patient.booked(programme.code) if dose.reference), None)
    context: dict[str, Any] = {
        "patient": patient,
        "programme": programme,
        "one": one,
        "suggestion": suggestion,
        "problem": _problem(refusal, suggestion),
        "booked": booked,
        "request_key": secrets.token_hex(16),
        "other_time": _other_time(patient, programme, suggestion),
    }
    if suggestion is not None:
        context |= {
            "day": dates.day(suggestion.time.starts_at),
            "hours": dates.until(suggestion.time.starts_at, suggestion.time.ends_at),
        }
    response = render(request, "booking/journey/due_dose.html", context, status=409 if refusal else 200)
    if isinstance(refusal, Busy | Paused):
        response.status_code = 503
    return response


def _problem(refusal: Refusal | None, suggestion: NextTime | None) -> str:
    if refusal is None:
        return ""
    if is_gone(refusal) and suggestion is not None:
        return _("这个时间刚刚被约走了。换成离它最近的一个：")
    return sentence(refusal) if not isinstance(refusal, AlreadyBooked) else _("这一剂已经约好了。")


def _other_time(patient: PatientFacts, programme: ProgrammeRow, suggestion: NextTime | None) -> str:
    if suggestion is None:
        return reverse("book_where", args=[patient.patient_id, programme.code])
    day = timezone.localdate(suggestion.time.starts_at).isoformat()
    return f"{reverse('book_when', args=[patient.patient_id, programme.code, suggestion.site.code])}?day={day}"
