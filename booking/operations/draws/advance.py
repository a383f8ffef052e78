"""Draws go on by themselves: losers are carried over, entries are closed in time, a drawing that stopped goes on."""

from datetime import datetime

from django.db.models import Q

from booking.models import Draw, DrawState
from booking.operations.draws.carry_over import carry_over
from booking.operations.draws.close import close
from booking.operations.draws.run import carry_on


def advance_draws(*, now: datetime) -> int:
    """Bring every draw forward that can go on; returns how many there were. Safe to run twice and side by side."""
    waiting = Draw.objects.defer("seed").filter(state=DrawState.ANNOUNCED)
    done = 0
    for draw in waiting.filter(Q(carried_over_at=None) | Q(closes_at__lte=now)).order_by("closes_at", "pk"):
        is_ready = draw.carried_over_at is not None or carry_over(draw.pk, now=now)
        if is_ready and draw.closes_at <= now:
            close(draw_id=draw.pk, now=now)
        done += 1
    for draw_id in Draw.objects.filter(state=DrawState.DRAWING).order_by("pk").values_list("pk", flat=True):
        carry_on(draw_id=draw_id, now=now)
        done += 1
    return done
