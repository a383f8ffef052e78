"""What everybody sees alike: the page of a queue, and how the queue stands."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from booking.answers import kept_or_made
from booking.operations.queues.look import look_at_queue
from booking.operations.refusals import NotFound
from booking.queries.queue_state import QueueState
from booking.web.public.kept import public
from booking.web.queue import words

# The same in every language, for every reader: a proxy in front asks once a second, whoever waits.
_STATE_HEADERS = {"Cache-Control": "public, max-age=1, stale-while-revalidate=5", "Vary": "Accept-Encoding"}


@public(max_age=60)
def queue(request: HttpRequest, queue_id: int) -> HttpResponse:
    """What the queue is for and how it goes; the script fills in what is the reader's own."""
    found = _state(queue_id)
    context = {"state": found, "queue": found.queue, "programme": words.programme(found.queue)}
    return render(request, "booking/queue/queue.html", context)


def state(request: HttpRequest, queue_id: int) -> HttpResponse:
    """How the queue stands: all that a browser needs to work out its own time."""
    key = f"queue {queue_id} {request.get_host()}"
    return kept_or_made(request, key, lambda: JsonResponse(_state(queue_id).as_json()), headers=_STATE_HEADERS)


def _state(queue_id: int) -> QueueState:
    try:
        return look_at_queue(queue_id=queue_id, now=timezone.now())
    except NotFound:
        raise Http404 from None
