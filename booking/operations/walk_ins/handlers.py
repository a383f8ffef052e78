"""The acts of a desk that give somebody a place of today."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from booking.operations.desk.act import Act, Done, Scene
from booking.operations.refusals import NotFound
from booking.operations.walk_ins.bring_forward import bring_forward
from booking.operations.walk_ins.examine_person import Said
from booking.operations.walk_ins.give_ticket import Ticket, give_ticket


def walk_in(act: Act, scene: Scene, *, now: datetime) -> Done:
    """Give a same-day ticket to somebody who came without an appointment."""
    said, data = _said(act.data), act.data
    slot_id = data.get("slot") if isinstance(data.get("slot"), int) else None
    programme = _text(data, "programme")
    return _done(give_ticket(said, programme, site=scene.site, by=act.by, key=act.key, now=now, slot_id=slot_id))


def bring_to_today(act: Act, scene: Scene, *, now: datetime) -> Done:
    """Move an appointment of another day to a place of today."""
    if scene.appointment is None:
        raise NotFound(what="appointment")
    moved = bring_forward(appointment=scene.appointment, site=scene.site, by=act.by, key=act.key, now=now)
    return _done(moved)


def _done(ticket: Ticket) -> Done:
    facts = {"return_at": ticket.walk_in.return_at.isoformat(), "source": ticket.walk_in.source}
    return Done(facts=facts, appointment=ticket.appointment)


def _said(data: Mapping[str, Any]) -> Said:
    return Said(
        document_type=_text(data, "document_type"),
        document_number=_text(data, "document_number"),
        name=_text(data, "name"),
        birth_date=_day(_text(data, "birth_date")),
        sex=_text(data, "sex") or None,
        phone=_text(data, "phone"),
    )


def _text(data: Mapping[str, Any], name: str) -> str:
    said = data.get(name)
    return said if isinstance(said, str) else ""


def _day(said: str) -> date | None:
    # What is no date counts as missing, and is then asked for.
    with suppress(ValueError):
        return date.fromisoformat(said)
    return None
