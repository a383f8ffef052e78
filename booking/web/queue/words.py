"""How long somebody waits in a queue, in words that promise nothing."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from booking.operations.queues.places import QueuePlace
from booking.queries.queue_state import LOBBY, OPEN, QueueState
from booking.queries.queues import QueueFacts
from booking.rules.queue import ahead, let_in_at, let_in_by
from booking.web import dates

_MOST_REFRESH, _LEAST_REFRESH = 300, 10


def programme(queue: QueueFacts) -> str:
    """What the queue is for, in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return (queue.programme_name_en or queue.programme_name) if is_english else queue.programme_name


def waits(state: QueueState, place: QueuePlace) -> str:
    """Where the place stands now."""
    if state.phase == LOBBY or (state.phase == OPEN and not state.is_counted):
        return _("已排上。%(time)s 放号时随机排定次序。") % {"time": dates.clock(state.queue.opens_at)}
    if state.phase != OPEN:
        return ""
    pace = state.queue.pace
    left = ahead(place.standing, pace.early) - let_in_by(state.now, pace)
    at = let_in_at(place.standing, pace)
    if at <= state.now:
        return _("轮到了，可以去约。")
    facts = {
        "people": f"{max(left, 0) + 1:,}",
        "wait": minutes((at - state.now).total_seconds()),
        "at": dates.clock(at),
    }
    return _("前面约 %(people)s 人，约 %(wait)s，%(at)s 左右轮到。") % facts


def minutes(seconds: float) -> str:
    """About so many minutes, or hours and minutes; never none."""
    whole = max(int(seconds // 60) + 1, 1)
    if whole < 90:
        return _("%(minutes)d 分钟") % {"minutes": whole}
    return _("%(hours)d 小时 %(minutes)d 分钟") % {"hours": whole // 60, "minutes": whole % 60}


def look_again(state: QueueState, places: Sequence[QueuePlace]) -> int:
    """After how many seconds the page without a script loads itself again."""
    until = state.queue.opens_at
    if state.phase == OPEN and places:
        until = max(let_in_at(place.standing, state.queue.pace) for place in places)
    left = int((until - state.now).total_seconds()) + 2
    return min(max(left, _LEAST_REFRESH), _MOST_REFRESH)
