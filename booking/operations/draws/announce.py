"""A draw is announced with the digest of its seed, or called off."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from booking import enqueue
from booking.models import Draw, DrawState, Programme, ReleaseMode
from booking.models.turns import wait_for_turn
from booking.operations.draws.refusals import CannotAnnounce, CannotDraw
from booking.operations.draws.tell_called_off import tell_called_off
from booking.operations.refusals import NotFound
from booking.queries.draw_slots import slots_of
from booking.rules.draw import commitment_of


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said of a draw beforehand. Days are inclusive; `public_source` says which value of which day counts."""

    programme_id: int
    name: str
    name_en: str
    opens_at: datetime
    closes_at: datetime
    first_day: date
    last_day: date
    public_source: str
    public_source_en: str
    previous_id: UUID | None = None


def announce(said: Announcement, *, by: int, now: datetime) -> Draw:
    """Announce a draw of the programme's places on these days, with a seed that nobody sees until it is drawn.

    With `previous`, a draw that is over, everybody who lost it is entered by a job, with one lost round more; if it was
    called off, everybody who was in it, as they were. They may change their wishes and withdraw like anybody else.
    Raises NotFound and CannotAnnounce.
    """
    programme = Programme.objects.filter(pk=said.programme_id, is_active=True).first()
    if programme is None:
        raise NotFound(what="programme")
    _refuse(said, programme, now=now)
    seed = secrets.token_hex(32)
    try:
        with transaction.atomic():
            # Two that are announced at once must not draw the same places.
            wait_for_turn(f"draws of {programme.pk}")
            previous = _previous(said)
            draw = Draw(
                programme=programme,
                name=said.name,
                name_en=said.name_en,
                previous=previous,
                opens_at=said.opens_at,
                closes_at=said.closes_at,
                first_day=said.first_day,
                last_day=said.last_day,
                public_source=said.public_source.strip(),
                public_source_en=said.public_source_en.strip(),
                seed=seed,
                commitment=commitment_of(seed),
                made_by_id=by,
                made_at=now,
                carried_over_at=None if previous else now,
            )
            _refuse_overlap(draw)
            if not slots_of(draw).exists():
                raise CannotAnnounce(reason="no_places")
            draw.save(force_insert=True)
            enqueue.advance_draws(now=now)
    except IntegrityError:
        # One draw follows another: somebody was quicker.
        raise CannotAnnounce(reason="previous_has_next") from None
    return draw


def call_off(*, draw_id: UUID, now: datetime) -> Draw:
    """End a draw without drawing it, as long as its public value was not entered; a second time changes nothing.

    Its entries stay, so that the next draw can take everybody over, and they are told. Raises NotFound, CannotDraw.
    """
    with transaction.atomic():
        draw = Draw.objects.select_for_update(of=("self",)).filter(pk=draw_id).first()
        if draw is None:
            raise NotFound(what="draw")
        if draw.state in (DrawState.DRAWING, DrawState.DRAWN):
            raise CannotDraw(reason="drawn")
        if draw.state != DrawState.CALLED_OFF:
            draw.state = DrawState.CALLED_OFF
            draw.save(update_fields=["state"])
            tell_called_off(draw_id, now=now)
    return draw


def _refuse(said: Announcement, programme: Programme, *, now: datetime) -> None:
    reasons = {
        "not_by_draw": programme.release_mode != ReleaseMode.DRAW,
        "opens_in_the_past": said.opens_at <= now,
        "closes_before_it_opens": said.closes_at <= said.opens_at,
        "days_in_wrong_order": said.last_day < said.first_day,
        "days_before_it_closes": said.first_day <= timezone.localdate(said.closes_at),
        "no_source": not (said.public_source.strip() and said.public_source_en.strip()),
    }
    for reason, is_so in reasons.items():
        if is_so:
            raise CannotAnnounce(reason=reason)


def _previous(said: Announcement) -> Draw | None:
    if said.previous_id is None:
        return None
    found = Draw.objects.filter(pk=said.previous_id, programme_id=said.programme_id).first()
    if found is None:
        raise NotFound(what="draw")
    if found.state not in (DrawState.DRAWN, DrawState.CALLED_OFF):
        raise CannotAnnounce(reason="previous_not_over")
    return found


def _refuse_overlap(draw: Draw) -> None:
    others = Draw.objects.filter(
        programme=draw.programme,
        state__in=[DrawState.ANNOUNCED, DrawState.CLOSED, DrawState.DRAWING],
        first_day__lte=draw.last_day,
        last_day__gte=draw.first_day,
    )
    if others.exists():
        raise CannotAnnounce(reason="days_overlap")
