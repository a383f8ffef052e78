"""What somebody had chosen before they were sent to the queue: it waits in a cookie, and they come back to it."""

from urllib.parse import quote, unquote, urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from booking.operations.queues.places import QueuePlace, read_place
from booking.web.journey.bringing import MOST_PLACES, QUEUE_PLACES, queue_places

_COOKIE = "queue_choice"
_HOURS = 12 * 3600
_LONGEST = 700


def address_with_choice(queue_id: int, *, patients: str, next_page: str) -> str:
    """Where to send somebody who must stand in the queue first."""
    return f"{reverse('queue_from', args=[queue_id])}?{urlencode({'patients': patients, 'next': next_page})}"


def remember_choice(response: HttpResponseBase, request: HttpRequest, queue_id: int) -> None:
    """Keep what the address says was chosen, if it is a page of ours."""
    patients, wanted = request.GET.get("patients", ""), request.GET.get("next", "")
    if not _is_ours(request, wanted):
        wanted = ""
    text = f"{queue_id}|{','.join(str(one) for one in _ids(patients))}|{quote(wanted)}"
    if len(text) <= _LONGEST:
        _set(response, _COOKIE, text, _HOURS)


def chosen_patients(request: HttpRequest, queue_id: int) -> list[UUID]:
    """For whom it was; empty if nothing was chosen."""
    return _ids(_read(request, queue_id)[0])


def page_chosen(request: HttpRequest, queue_id: int) -> str:
    """The page to go back to; empty if there is none."""
    wanted = unquote(_read(request, queue_id)[1])
    return wanted if _is_ours(request, wanted) else ""


def own_places(request: HttpRequest, queue_id: int) -> list[QueuePlace]:
    """The places in this queue that the browser keeps."""
    found = (read_place(token) for token in queue_places(request))
    return [place for place in found if place is not None and place.queue_id == queue_id]


def keep_places(response: HttpResponseBase, request: HttpRequest, places: tuple[QueuePlace, ...]) -> None:
    """Have the browser keep these, beside those it has of other patients and queues."""
    new = {(place.queue_id, place.patient_id): place for place in places}
    before = (read_place(token) for token in queue_places(request))
    others = [one for one in before if one is not None and (one.queue_id, one.patient_id) not in new]
    tokens = [place.token for place in (*new.values(), *others)][:MOST_PLACES]
    _set(response, QUEUE_PLACES, "~".join(tokens), 24 * 3600)


def _set(response: HttpResponseBase, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, secure=settings.SECURE, httponly=True, samesite="Lax")


def _read(request: HttpRequest, queue_id: int) -> tuple[str, str]:
    number, _bar, rest = request.COOKIES.get(_COOKIE, "").partition("|")
    patients, _bar, wanted = rest.partition("|")
    return (patients, wanted) if number == str(queue_id) else ("", "")


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(one) for one in text.split(",") if one][:MOST_PLACES]
    except ValueError:
        return []


def _is_ours(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
