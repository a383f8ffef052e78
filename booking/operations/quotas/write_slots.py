"""Slots of one site made and changed in bulk, each with its event, and what the gate is told after the commit."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from booking import admission
from booking.admission import GateDown
from booking.models import SlotEventKind
from booking.operations.freed_places.withdraw import withdraw_all
from booking.operations.quotas.renumber import renumber
from booking.queries.availability import forget_site
from booking.rules.quota_change import State, Wanted

_ADD = """
WITH added AS (
  INSERT INTO booking_slot (site_id, programme_id, starts_at, ends_at, opens_at, quota, kept_walk_in, kept_community,
    kept_later, next_portion_at, closed_at, kept_doses)
  SELECT %(site)s, * FROM unnest(
    %(programme)s::bigint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(opens)s::timestamptz[],
    %(quota)s::int[], %(walk_in)s::int[], %(community)s::int[], %(later)s::int[], %(next)s::timestamptz[],
    %(closed)s::timestamptz[], %(doses)s::int[])
  ON CONFLICT (site_id, programme_id, starts_at) DO NOTHING
  RETURNING id, programme_id, starts_at, quota, kept_walk_in, kept_community, kept_later, kept_doses
), noted AS (
  INSERT INTO booking_slotevent (slot_id, kind, at, by_id, change_id, facts)
  SELECT id, 'PUBLISHED', %(now)s, %(by)s, %(change)s, jsonb_build_object(
    'quota', quota, 'walk_in', kept_walk_in, 'community', kept_community, 'later', kept_later,
    'doses', kept_doses) FROM added
)
SELECT count(*) FROM added
"""

_SET = """
WITH wanted AS (
  SELECT * FROM unnest(
    %(slot)s::bigint[], %(opens)s::timestamptz[], %(quota)s::int[], %(walk_in)s::int[], %(community)s::int[],
    %(later)s::int[], %(next)s::timestamptz[], %(closed)s::timestamptz[], %(edited)s::timestamptz[],
    %(withdrawn)s::timestamptz[], %(ends)s::timestamptz[], %(kind)s::text[], %(facts)s::text[], %(doses)s::int[]
  ) AS w(id, opens_at, quota, walk_in, community, later, next_at, closed_at, edited_at, withdrawn_at, ends_at, kind,
    facts, doses)
), noted AS (
  INSERT INTO booking_slotevent (slot_id, kind, at, by_id, change_id, facts)
  SELECT id, kind, %(now)s, %(by)s, %(change)s, facts::jsonb FROM wanted
)
UPDATE booking_slot s SET opens_at = w.opens_at, quota = w.quota, kept_walk_in = w.walk_in,
  kept_community = w.community, kept_doses = w.doses,
  kept_later = w.later, next_portion_at = w.next_at, closed_at = w.closed_at,
  edited_at = w.edited_at, withdrawn_at = w.withdrawn_at, ends_at = coalesce(w.ends_at, s.ends_at)
FROM wanted w WHERE s.id = w.id
"""


class Author(NamedTuple):
    """Who changes the slots, in which change, when."""

    by: int
    change: UUID
    now: datetime


class Edit(NamedTuple):
    """A slot goes from one state to another; `facts` beside what is always noted; `ends_at` if that changes too."""

    slot_id: int
    kind: SlotEventKind
    before: State
    after: State
    facts: dict[str, Any]
    ends_at: datetime | None = None


@dataclass(slots=True)
class ForTheGate:
    """What the gate hears after the commit."""

    quotas: list[tuple[int, int]] = field(default_factory=list)
    closed: list[tuple[int, bool]] = field(default_factory=list)
    settled: list[tuple[int, str, int]] = field(default_factory=list)
    kept: list[tuple[int, int]] = field(default_factory=list)
    # Released at another time than before: loaded anew by whoever asks first.
    forgotten: list[int] = field(default_factory=list)


def add_slots(site_id: int, wanted: Sequence[tuple[Wanted, State]], author: Author) -> int:
    """Make the slots that are not there; returns how many were made."""
    if not wanted:
        return 0
    states = [state for _, state in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD,
            {
                "site": site_id,
                "programme": [one.programme_id for one, _ in wanted],
                "starts": [one.starts_at for one, _ in wanted],
                "ends": [one.ends_at for one, _ in wanted],
                **_columns(states),
                **author._asdict(),
            },
        )
        return int(cursor.fetchone()[0])


def edit_slots(edits: Sequence[Edit], author: Author) -> ForTheGate:
    """Change slots whose rows the caller has locked; numbers above a lowered quota are given anew."""
    told = ForTheGate()
    if not edits:
        return told
    closed = [edit.slot_id for edit in edits if edit.before.closed_at is None and edit.after.closed_at is not None]
    if closed:
        withdraw_all(closed, now=author.now)
    lowered = {edit.slot_id: edit.after.quota for edit in edits if edit.after.quota < edit.before.quota}
    told.settled = renumber(lowered, now=author.now)
    with connection.cursor() as cursor:
        cursor.execute(
            _SET,
            {
                "slot": [edit.slot_id for edit in edits],
                **_columns([edit.after for edit in edits]),
                "edited": [edit.after.edited_at for edit in edits],
                "withdrawn": [edit.after.withdrawn_at for edit in edits],
                "ends": [edit.ends_at for edit in edits],
                "kind": [edit.kind.value for edit in edits],
                "facts": [json.dumps(_facts(edit)) for edit in edits],
                **author._asdict(),
            },
        )
    for edit in edits:
        _tell(told, edit)
    return told


def tell_after_commit(site_id: int, told: ForTheGate) -> None:
    """Tell the gate, and have the site's slots read anew, once the transaction has committed."""

    def run() -> None:
        forget_site(site_id)
        # Without the gate reconcile pushes what the ledger says.
        with suppress(GateDown):
            for slot_id in told.forgotten:
                admission.forget(slot_id)
            admission.set_many([*told.kept, *told.quotas], told.closed)
            admission.settle_many(told.settled)

    transaction.on_commit(run)


def state_from(kept: dict[str, Any]) -> State:
    """The state that an event's facts hold, as a state again."""
    read: dict[str, Any] = {name: _moment(value) if name.endswith("_at") else value for name, value in kept.items()}
    return State(**read)


def _tell(told: ForTheGate, edit: Edit) -> None:
    before, after = edit.before, edit.after
    if before.opens_at != after.opens_at:
        told.forgotten += [edit.slot_id, admission.kept_at_gate(edit.slot_id)]
        return
    if before.quota != after.quota:
        told.quotas.append((edit.slot_id, after.quota))
    if (before.closed_at is None) != (after.closed_at is None):
        told.closed += [
            (at, after.closed_at is not None) for at in (edit.slot_id, admission.kept_at_gate(edit.slot_id))
        ]
    if before.doses != after.doses:
        told.kept.append((admission.kept_at_gate(edit.slot_id), after.doses))


def _facts(edit: Edit) -> dict[str, Any]:
    before = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in edit.before._asdict().items()
    }
    return {"from": edit.before.quota, "to": edit.after.quota, **edit.facts, "before": before}


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _columns(states: Iterable[State]) -> dict[str, list[Any]]:
    rows = list(states)
    return {
        "opens": [one.opens_at for one in rows],
        "quota": [one.quota for one in rows],
        "walk_in": [one.walk_in for one in rows],
        "community": [one.community for one in rows],
        "later": [one.later for one in rows],
        "next": [one.next_portion_at for one in rows],
        "closed": [one.closed_at for one in rows],
        "doses": [one.doses for one in rows],
    }
