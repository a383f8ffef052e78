"""The first page: start, or go on."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from booking.models import ReleaseMode
from booking.queries.invitations.facts import open_invitations_of
from booking.queries.my_appointments import next_appointment_of
from booking.queries.next_dose import next_doses
from booking.queries.patients import patients_with_doses
from booking.queries.programmes import ProgrammeRow, active_programmes
from booking.queries.queues import QueueFacts, live_queues
from booking.queries.releases import Release, next_release
from booking.queries.suggestion import suggestion_of
from booking.queries.touts import is_locked
from booking.queries.waitlist import open_offers_of
from booking.web.frame import account_of, asked_size
from booking.web.journey.next_dose import due_address
from booking.web.public.kept import public
from booking.web.queue import words

_FRESH = 30
_MOST_NEXT_DOSES = 3
_ANNOUNCED_BEFORE = timedelta(hours=24)


def home(request: HttpRequest) -> HttpResponse:
    """A signed-in citizen's own page; for everybody else the same one."""
    return _own(request) if request.user.is_authenticated else _same_for_all(request)


@public(max_age=_FRESH)
def _same_for_all(request: HttpRequest) -> HttpResponse:
    context = {**_releases(), "restricted": _restricted(), "ask_for_size": not asked_size(request)}
    return render(request, "booking/public/home.html", context)


@never_cache
def _own(request: HttpRequest) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    patients = patients_with_doses(account)
    upcoming = next_doses(patients, now=now)
    suggestion = suggestion_of(patients, now)
    if suggestion is not None and (suggestion.due.dose or 1) > 1 and not suggestion.due.booked:
        # Said below, with a page of its own.
        suggestion = None
    context = {
        "appointment": next_appointment_of(account, now),
        "offers": open_offers_of(account, now=now),
        "invitations": open_invitations_of(account, now=now),
        "next_doses": [(one, due_address(one)) for one in upcoming[:_MOST_NEXT_DOSES]],
        "suggestion": suggestion,
        **_releases(),
        "is_locked": is_locked(account),
        "restricted": _restricted(),
    }
    return render(request, "booking/public/own_home.html", context)


def _restricted() -> list[ProgrammeRow]:
    return [row for row in active_programmes() if row.release_mode != ReleaseMode.OPEN]


def _releases() -> dict[str, Any]:
    """The queues in which people may stand now, and the next release if it is near and none of these is for it."""
    now = timezone.now()
    queues = [queue for queue in live_queues() if queue.lobby_from <= now <= queue.ends_at]
    release = next_release(now=now)
    if release and (release.opens_at - now > _ANNOUNCED_BEFORE or _is_queued(release, queues)):
        release = None
    return {"queues": [(words.programme(queue), queue) for queue in queues], "release": release}


def _is_queued(release: Release, queues: list[QueueFacts]) -> bool:
    queued = {queue.programme_code for queue in queues if queue.opens_at == release.opens_at}
    return {programme.code for programme in release.programmes} <= queued
