"""Joining the waitlist, and changing a wish."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from booking.operations.refusals import NotFound, Refusal
from booking.operations.waitlist.join import join
from booking.queries.patients import PatientFacts, patients_with_doses
from booking.queries.programmes import ProgrammeRow
from booking.queries.waitlist import EntryFacts, entries_of
from booking.web.journey import words
from booking.web.journey.choices import programme_of, wanted_site
from booking.web.me.private import account_of, private, unlocked
from booking.web.waitlist.form import JoinForm, first_choices, places_for
from booking.web.wording import sentence


@private("GET", "POST")
@unlocked
def join_waitlist(request: HttpRequest, patient_id: UUID, programme: str) -> HttpResponse:
    """Ask for the wish and note it; whoever waits already changes theirs and keeps their turn."""
    account_id, now = account_of(request), timezone.now()
    people = patients_with_doses(account_id)
    patient, kind, site = _patient(people, patient_id), programme_of(programme), wanted_site(request)
    waits = next((one for one in entries_of(account_id, now=now) if _is_of(one, patient_id, programme)), None)
    places = places_for(patient, site, waits)
    form = JoinForm(
        request.POST if request.method == "POST" else None,
        places=places,
        family=[one for one in people if one.patient_id != patient_id],
        initial=first_choices(waits, places, request.GET.get("along", "").split(",")),
    )
    if request.method == "POST" and form.is_valid():
        try:
            wish = form.wish()
            join(account_id=account_id, patient_id=patient_id, programme=programme, now=now, **wish)  # type: ignore[arg-type]
            return redirect(reverse("my_waitlist") + ("?done=changed" if waits else "?done=joined"))
        except NotFound:
            raise Http404 from None
        except Refusal as refusal:
            form.add_error(None, _about(refusal, people, patient_id))
    context = {
        "form": form,
        "chosen": _chosen(patient, kind),
        "waits": waits is not None,
        "answer_minutes": settings.LEFTOVER_ANSWER_MINUTES,
        "place_minutes": settings.OFFER_ANSWER_MINUTES,
        "back": reverse("book_when", args=[patient_id, programme, site.code]) if site else reverse("my_waitlist"),
    }
    return render(request, "booking/waitlist/join.html", context)


def _is_of(entry: EntryFacts, patient_id: UUID, programme: str) -> bool:
    return entry.patient_id == patient_id and entry.programme_code == programme


def _patient(people: list[PatientFacts], patient_id: UUID) -> PatientFacts:
    for patient in people:
        if patient.patient_id == patient_id:
            return patient
    raise Http404


def _about(refusal: Refusal, people: list[PatientFacts], patient_id: UUID) -> str:
    """The refusal in words, with the name of whom it is about where that is somebody who comes along."""
    about = refusal.facts.get("patient", patient_id)
    name = next((one.name for one in people if one.patient_id == about and about != patient_id), "")
    return f"{name}：{sentence(refusal)}" if name else sentence(refusal)


def _chosen(patient: PatientFacts, programme: ProgrammeRow) -> list[dict[str, str]]:
    return [
        {"icon": "person", "text": patient.name, "more": words.relation(patient.relation)},
        {"icon": "vaccine", "text": words.named(programme)},
    ]
