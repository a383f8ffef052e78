"""Another time for an appointment: the same steps, with the old time on top and kept until the new one is certain."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from booking.operations.refusals import NoChangesLeft, Refusal, SlotClosed, TooLate, WrongStatus
from booking.queries.appointments import AppointmentFacts, appointment_of
from booking.queries.patients import Due, PatientFacts, due, patients_with_doses
from booking.queries.programmes import ProgrammeRow, active_programmes
from booking.queries.times import window
from booking.rules.changes import can_move
from booking.web.journey.bringing import brought_by
from booking.web.journey.check import check_page
from booking.web.journey.choices import Journey, own_page, user_of
from booking.web.journey.when import times_page
from booking.web.journey.where import sites_page
from booking.web.wording import sentence


@own_page
def move_appointment(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Choose another time, at the same site or at the one in ?site=."""

    def picker(journey: Journey) -> HttpResponseBase:
        old = journey.moving.site.code if journey.moving else ""
        return times_page(request, journey.at(request.GET.get("site") or old))

    return _with_journey(request, reference, picker)


@own_page
def move_where(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Choose another site."""

    def sites(journey: Journey) -> HttpResponseBase:
        old = journey.moving.site.code if journey.moving else ""
        return sites_page(request, journey.at(old))

    return _with_journey(request, reference, sites)


@own_page
def move_check(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Check the new time; by POST the appointment moves."""
    return _with_journey(request, reference, lambda journey: check_page(request, journey))


def _with_journey(
    request: HttpRequest, reference: str, page: Callable[[Journey], HttpResponseBase]
) -> HttpResponseBase:
    user_id, now = user_of(request), timezone.now()
    facts = appointment_of(user_id, reference)
    if facts is None:
        raise Http404
    programme = next((row for row in active_programmes() if row.code == facts.programme_code), None)
    why_not = _why_not(facts, now=now) or (SlotClosed() if programme is None else None)
    # A repeat of the click that moved it is let through: the operation gives the same answer again.
    if why_not is not None and not (request.method == "POST" and isinstance(why_not, NoChangesLeft)):
        context = {"facts": facts, "text": sentence(why_not), "back": reverse("appointment", args=[reference])}
        return render(request, "booking/journey/cannot_move.html", context, status=409)
    if programme is None:
        raise Http404
    people = tuple(one for one in patients_with_doses(user_id) if one.patient_id == facts.patient_id)
    dues = tuple(_due(patient, programme, facts.dose, now=now) for patient in people)
    return page(Journey(user_id, now, people, programme, dues, moving=facts, brought=brought_by(request)))


def _due(patient: PatientFacts, programme: ProgrammeRow, dose: int, *, now: datetime) -> Due:
    # As if the appointment that moves, and those of later doses, which move along, were not there.
    first, last = window(timezone.localdate(now))
    before = tuple(one for one in patient.doses if one.dose < dose or one.programme_code != programme.code)
    return due(replace(patient, doses=before), programme, today=first, last=last)


def _why_not(facts: AppointmentFacts, *, now: datetime) -> Refusal | None:
    if facts.status != "BOOKED":
        return WrongStatus(status=facts.status)
    if not can_move(starts_at=facts.starts_at, now=now):
        return TooLate()
    return None if facts.changes_left else NoChangesLeft()
