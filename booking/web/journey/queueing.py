"""Where the release has a queue: what the times say about it, and the way there and back to the same choice."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.operations.queues.refusals import QueueNotYet, QueuePlaceMissing, QueuePlaceWrong
from booking.operations.refusals import Refusal
from booking.queries.queues import queue_ahead
from booking.web import dates
from booking.web.journey.choices import Journey
from booking.web.queue.choice import address_with_choice

# How long before its release a queue is told of where times are chosen.
_AHEAD = timedelta(days=7)


def sent_to_queue(journey: Journey, refusal: Refusal, *, next_page: str) -> HttpResponseBase | None:
    """The way to the queue, if that is what stands between them and the place; None if it is something else."""
    if not isinstance(refusal, QueuePlaceMissing | QueuePlaceWrong | QueueNotYet):
        return None
    return redirect(address_with_choice(refusal.facts["queue"], patients=journey.ids, next_page=next_page))


def queue_notice(journey: Journey) -> dict[str, Any] | None:
    """That places of this programme are released with a queue, and from when one may stand in it."""
    queue = queue_ahead(journey.programme.code, now=journey.now)
    if queue is None or queue.opens_at - journey.now > _AHEAD:
        return None
    when = {
        "day": dates.day(queue.opens_at),
        "time": dates.clock(queue.opens_at),
        "from": dates.clock(queue.lobby_from),
        "until": dates.clock(queue.ends_at),
    }
    if journey.now < queue.lobby_from:
        text = _("%(day)s %(time)s 放的号要排队，%(from)s 起可以排，早晚都一样。") % when
        return {"text": text, "href": reverse("queue", args=[queue.queue_id]), "link": _("怎么排")}
    text = _("%(time)s 放的号正在排队，%(until)s 以前约要先排。已经轮到的直接约。") % when
    next_page = journey.when_url() if journey.site else journey.where_url()
    href = address_with_choice(queue.queue_id, patients=journey.ids, next_page=next_page)
    return {"text": text, "href": href, "link": _("去排队")}
