"""The entries of a draw are frozen, together with its places, and their digest is published."""

import gzip
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.pieces import in_pieces
from booking.models import Draw, DrawEntry, DrawFile, DrawState
from booking.operations.draws.patience import take_time
from booking.operations.draws.refusals import CannotDraw
from booking.operations.refusals import NotFound
from booking.queries.draw_slots import places_of
from booking.queries.moments import to_the_second
from booking.rules.draw import Entry, counted, entry_name
from booking.rules.draw_file import entries_digest_of, list_of


def close(*, draw_id: UUID, now: datetime) -> Draw:
    """Freeze who is in the draw with which wishes, and which places there are; a second time changes nothing.

    From now on neither can change, and the public value is not known yet: nobody can add an entry or a place that suits
    it. Raises NotFound, and CannotDraw before `closes_at` or while the round before is still being carried over.
    """
    with transaction.atomic():
        take_time()
        draw = Draw.objects.select_for_update(of=("self",)).filter(pk=draw_id).first()
        if draw is None:
            raise NotFound(what="draw")
        if draw.state == DrawState.CALLED_OFF:
            raise CannotDraw(reason="called_off")
        if draw.state != DrawState.ANNOUNCED:
            return draw
        if now < draw.closes_at or draw.carried_over_at is None:
            raise CannotDraw(reason="not_closed")
        # Whoever was taken off their account's list is not in it.
        DrawEntry.objects.filter(draw=draw, withdrawn_at=None, patient__removed_at__isnull=False).update(
            withdrawn_at=now
        )
        content = list_of(_header(draw), places_of(draw), entries_of(draw), to_the_second(now))
        DrawFile.objects.create(draw=draw, entry_list=gzip.compress(content, mtime=0))
        draw.state, draw.closed_at, draw.entries_digest = DrawState.CLOSED, now, entries_digest_of(content)
        draw.save(update_fields=["state", "closed_at", "entries_digest"])
    return draw


def entries_of(draw: Draw) -> list[Entry]:
    """Everybody who is in the draw, as they are published."""
    rows = DrawEntry.objects.filter(draw=draw, withdrawn_at=None)
    fields = rows.values_list("code", "sites", "days", "any_site", "rounds_lost")
    return [
        Entry(
            name=entry_name(str(draw.pk), code),
            sites=tuple(sites),
            days=tuple(day.isoformat() for day in sorted(days)),
            any_site=any_site,
            rounds_lost=counted(rounds_lost),
        )
        for code, sites, days, any_site, rounds_lost in in_pieces(fields, size=5000)
    ]


def _header(draw: Draw) -> dict[str, object]:
    return {
        "closes_at": to_the_second(draw.closes_at),
        "commitment": draw.commitment,
        "draw": str(draw.pk),
        "first_day": draw.first_day.isoformat(),
        "last_day": draw.last_day.isoformat(),
        "name": draw.name,
        "name_en": draw.name_en,
        "opens_at": to_the_second(timezone.localtime(draw.opens_at)),
        "programme": draw.programme.code,
        "public_source": draw.public_source,
        "public_source_en": draw.public_source_en,
    }
