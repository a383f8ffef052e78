"""Joining a queue: by the page's script, or by a form; each of the family has a place of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from booking.operations.queues.join import join_queue
from booking.operations.queues.look import look_at_queue
from booking.operations.queues.places import QueuePlace
from booking.operations.refusals import Busy, NotFound, ProofNeeded, Refusal
from booking.operations.releases.proof import MOST_PROOF
from booking.queries.patients import PatientFacts, due, patients_with_doses
from booking.queries.queue_state import OPEN, QueueState
from booking.queries.times import window
from booking.rules.queue import ONE, let_in_at
from booking.web.journey import words as journey_words
from booking.web.journey.choices import programme_of
from booking.web.me.private import account_of, private, unlocked
from booking.web.queue import choice, words
from booking.web.wording import not_eligible, sentence

_MOST_PEOPLE = 4


@dataclass(frozen=True, slots=True)
class Member:
    """One of the family; `why_not` says why they cannot book the programme, empty if they can."""

    patient: PatientFacts
    why_not: str
    place: QueuePlace | None = None


@require_GET
def come_from(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Somebody was choosing when they were sent to the queue: remember what, and show the queue."""
    response = redirect("queue", queue_id)
    choice.remember_choice(response, request, queue_id)
    response["Cache-Control"] = "no-store"
    return response


# The page is the same for everybody, so there is no token of anybody's in it. What no other website can send is a
# header of our own: browsers ask us first, and we do not answer.
@csrf_exempt
@never_cache
@require_POST
def join_by_script(request: HttpRequest, queue_id: int) -> JsonResponse:
    """Join for those who are named, were chosen, or stand in it already; for whoever is alone; or ask for whom."""
    if request.headers.get("X-Queue") != "1":
        raise Http404
    if not request.user.is_authenticated:
        return JsonResponse({"sign_in": f"{reverse('sign_in')}?next={reverse('queue', args=[queue_id])}"})
    now = timezone.now()
    state = _state(queue_id, now=now)
    family = _family(request, state, now=now)
    wanted = _wanted(request, queue_id, family)
    if not wanted:
        return JsonResponse({"people": [_row(member) for member in family]})
    try:
        places = _join(request, wanted, queue_id, now=now)
    except ProofNeeded as needed:
        return JsonResponse({**needed.facts, "text": sentence(needed)}, status=428)
    except Refusal as refusal:
        # An answer like any other for the script; only where it is to try again by itself does it hear so.
        return JsonResponse({"text": sentence(refusal)}, status=503 if isinstance(refusal, Busy) else 200)
    names = {member.patient.patient_id: member.patient.name for member in family}
    response = JsonResponse(
        {
            "places": [_shown(place, names[place.patient_id]) for place in places],
            "go": _way_on(request, state, wanted),
            "waitlist": _waitlist(state, wanted),
        }
    )
    choice.keep_places(response, request, places)
    return response


@private("GET", "POST")
@unlocked
def stand(request: HttpRequest, queue_id: int) -> HttpResponse:
    """The same without a script: a form, and a page that loads itself again."""
    now = timezone.now()
    state = _state(queue_id, now=now)
    family = _family(request, state, now=now)
    error = wait = ""
    if request.method == "POST":
        wanted = _named(request, family)
        try:
            if not wanted:
                raise NotFound(what="patient")
            places = _join(request, wanted, queue_id, now=now)
        except NotFound:
            error = _("请选为谁排队，最多 4 个人。")
        except ProofNeeded as needed:
            # Without a script nobody can work for it: they wait, and press again.
            wait = needed.facts["wait"]
            seconds = {"seconds": needed.facts["wait_seconds"]}
            error = _("现在排队的人很多。请等 %(seconds)d 秒，再点一次“排队”。") % seconds
        except Refusal as refusal:
            error = sentence(refusal)
        else:
            response = redirect("queue_stand", queue_id)
            choice.keep_places(response, request, places)
            return response
    standing = [member for member in family if member.place is not None]
    chosen = choice.chosen_patients(request, queue_id)
    context = {
        "state": state,
        "queue": state.queue,
        "programme": words.programme(state.queue),
        "error": error,
        "wait": wait,
        "standing": [(member.patient.name, words.waits(state, member.place)) for member in standing if member.place],
        "people": [(member, member.patient.patient_id in chosen) for member in family if member.place is None],
        "go": _way_on(request, state, [member.patient.patient_id for member in standing]),
        "is_in": bool(standing) and state.phase == OPEN and _all_in(state, standing),
        "waitlist": _waitlist(state, [member.patient.patient_id for member in standing]),
        "refresh": words.look_again(state, [member.place for member in standing if member.place]),
    }
    return render(request, "booking/queue/stand.html", context, status=409 if error else 200)


def _join(request: HttpRequest, patients: Sequence[UUID], queue_id: int, *, now: datetime) -> tuple[QueuePlace, ...]:
    proof = request.POST.get("proof", "")[:MOST_PROOF]
    return join_queue(account_id=account_of(request), patient_ids=patients, queue_id=queue_id, now=now, proof=proof)


def _state(queue_id: int, *, now: datetime) -> QueueState:
    try:
        return look_at_queue(queue_id=queue_id, now=now)
    except NotFound:
        raise Http404 from None


def _family(request: HttpRequest, state: QueueState, *, now: datetime) -> list[Member]:
    programme = programme_of(state.queue.programme_code)
    first, last = window(timezone.localdate(now))
    own = {place.patient_id: place for place in choice.own_places(request, state.queue.queue_id)}
    family = []
    for patient in patients_with_doses(account_of(request)):
        found = due(patient, programme, today=first, last=last)
        why_not = "" if found.dose is not None else _("已经约了") if found.booked else not_eligible(found.reason)
        family.append(Member(patient, why_not, own.get(patient.patient_id)))
    return family


def _named(request: HttpRequest, family: Sequence[Member]) -> list[UUID]:
    """Those whom the form names; nobody if it names somebody who is not of the family, or too many."""
    own = {str(member.patient.patient_id): member.patient.patient_id for member in family}
    names = list(dict.fromkeys(request.POST.getlist("patient")))
    return [own[name] for name in names] if len(names) <= _MOST_PEOPLE and own.keys() >= set(names) else []


def _wanted(request: HttpRequest, queue_id: int, family: Sequence[Member]) -> list[UUID]:
    own = [member.patient.patient_id for member in family]
    named = _named(request, family)
    if named:
        return named
    standing = [member.patient.patient_id for member in family if member.place is not None]
    chosen = [one for one in choice.chosen_patients(request, queue_id) if one in own]
    if chosen or standing:
        return (chosen or standing)[:_MOST_PEOPLE]
    able = [member.patient.patient_id for member in family if not member.why_not]
    return able if len(able) == 1 and len(family) == 1 else []


def _row(member: Member) -> dict[str, str]:
    patient = member.patient
    return {
        "id": str(patient.patient_id),
        "name": patient.name,
        "more": journey_words.relation(patient.relation),
        "why_not": member.why_not,
    }


def _shown(place: QueuePlace, name: str) -> dict[str, object]:
    early, number = place.standing.early, place.standing.number
    return {"name": name, "fraction": number / ONE if early else None, "behind": None if early else number}


def _way_on(request: HttpRequest, state: QueueState, patients: Sequence[UUID]) -> str:
    chosen = choice.page_chosen(request, state.queue.queue_id)
    if chosen or not patients:
        return chosen or reverse("book_who")
    return reverse("book_where", args=[",".join(map(str, patients)), state.queue.programme_code])


def _waitlist(state: QueueState, patients: Sequence[UUID]) -> str:
    if len(patients) != 1:
        return reverse("my_waitlist")
    return reverse("join_waitlist", args=[patients[0], state.queue.programme_code])


def _all_in(state: QueueState, standing: Sequence[Member]) -> bool:
    places = [member.place for member in standing if member.place is not None]
    return state.is_counted and all(let_in_at(place.standing, state.queue.pace) <= state.now for place in places)
