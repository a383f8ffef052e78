"""A bulk change is carried out: one site a step, some seconds at a time, so that messages go out in between.

Each step is one transaction that locks the change first: two jobs never do the same step, and a stop counts at once.
What a step does follows from what is there, so a step that was killed is simply done again.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction

from booking import enqueue
from booking.models import ChangeState, QuotaChange, WithAppointments
from booking.operations.quotas.change_site import Frame, SiteChanged, change_site
from booking.operations.quotas.preview_change import look_again
from booking.operations.quotas.undo_site import undo_site
from booking.operations.relocations.move_people import move_people
from booking.queries.quotas.site_slots import decider, releases_for
from booking.rules.asked_change import read_asked
from sites.models import Site

# Seconds of work before other jobs get their turn.
SLICE = 5.0
# Sites are locked for a moment each; between them everybody who waited goes first.
_PAUSE = 0.4
_TRIES = 3
_PEOPLE = 50
MOST_LEFT = 200


@dataclass(slots=True)
class Started:
    """Whether the change runs now; if not, what others have changed since it was looked at (nothing: it ran before)."""

    runs: bool
    meanwhile: list[dict[str, Any]] = field(default_factory=list)


def start_change(*, change_id: UUID, appointments: WithAppointments, reason: str, by: int, now: datetime) -> Started:
    """Have a previewed change carried out, unless somebody has changed its slots since: then it is previewed anew."""
    meanwhile = look_again(change_id=change_id, now=now)
    with transaction.atomic():
        change = QuotaChange.objects.select_for_update().get(pk=change_id)
        if change.state != ChangeState.PREVIEWED or meanwhile:
            return Started(False, meanwhile if change.state == ChangeState.PREVIEWED else [])
        change.state, change.started_at, change.by_id = ChangeState.RUNNING, now, by
        change.appointments, change.reason = appointments, reason
        change.save()
        enqueue.change_quotas(change_id, now=now)
    return Started(True)


def stop_change(*, change_id: UUID) -> bool:
    """Stop after the site that is being worked on; False if it was not running."""
    running = QuotaChange.objects.filter(pk=change_id, state=ChangeState.RUNNING)
    return bool(running.update(state=ChangeState.STOPPED))


def continue_change(*, change_id: UUID, now: datetime) -> bool:
    """Go on with a change that was stopped; False if it was not."""
    with transaction.atomic():
        going = QuotaChange.objects.filter(pk=change_id, state=ChangeState.STOPPED).update(state=ChangeState.RUNNING)
        if going:
            enqueue.change_quotas(change_id, now=now)
    return bool(going)


def start_undo(*, change_id: UUID, by: int, now: datetime) -> bool:
    """Take back what the change did, as far as nobody has built on it; False unless it is done or stopped."""
    with transaction.atomic():
        change = QuotaChange.objects.select_for_update().get(pk=change_id)
        if change.state not in (ChangeState.DONE, ChangeState.STOPPED):
            return False
        change.state, change.done, change.finished_at = ChangeState.UNDOING, 0, None
        change.summary["undone_by"] = by
        change.save()
        enqueue.change_quotas(change_id, now=now)
    return True


def carry_on(*, change_id: UUID, now: datetime, seconds: float = SLICE) -> bool:
    """Carry out the next sites of a running change or undo; False once there is nothing left to do.

    Puts itself into the queue again after `seconds`.
    """
    until = time.monotonic() + seconds
    work = _Slice(change_id, now)
    while time.monotonic() < until:
        began = time.monotonic()
        if not work.next_site():
            return False
        time.sleep((time.monotonic() - began) * _PAUSE)
    enqueue.change_quotas(change_id, now=now)
    return True


class _Slice:
    """The steps of one turn in the queue: what is the same for all sites is read once."""

    def __init__(self, change_id: UUID, now: datetime) -> None:
        self.change_id = change_id
        self.now = now
        self._frame: Frame | None = None

    def next_site(self) -> bool:
        """Do the next site; False if there is none, or somebody has stopped it."""
        step = self._tried(people_told=False)
        if step is not None and step.losers:
            # Not in the step's transaction: each of them is a booking and a cancellation of its own.
            self._tell_people(step.losers)
            step = self._tried(people_told=True)
        return step is not None

    def _tried(self, *, people_told: bool) -> SiteChanged | None:
        for _ in range(_TRIES - 1):
            try:
                return self._step(people_told=people_told)
            except OperationalError:
                # Somebody held a row for too long, or a circle was broken up. Nothing of the step stands.
                time.sleep(random.uniform(0.05, 0.3))
        return self._step(people_told=people_told)

    def _step(self, *, people_told: bool) -> SiteChanged | None:
        with transaction.atomic():
            change = QuotaChange.objects.select_for_update().get(pk=self.change_id)
            if change.state not in (ChangeState.RUNNING, ChangeState.UNDOING):
                return None
            if change.done >= change.total:
                finish = {ChangeState.RUNNING: ChangeState.DONE, ChangeState.UNDOING: ChangeState.UNDONE}
                change.state, change.finished_at = finish[ChangeState(change.state)], self.now
                change.save(update_fields=["state", "finished_at"])
                return None
            done = self._site(change, change.site_ids[change.done])
            if done.losers and not people_told:
                known = set(change.summary.get("moved_from", []))
                change.summary["moved_from"] = sorted(known.union(done.losing_slots))
            else:
                done.losers = []
                change.done += 1
                _remember(change, done.left)
            change.save(update_fields=["done", "summary"])
        return done

    def _site(self, change: QuotaChange, site_id: int) -> SiteChanged:
        if change.state == ChangeState.UNDOING:
            return SiteChanged(left=undo_site(change, site_id, now=self.now))
        if self._frame is None:
            asked = read_asked(change.kind, change.params)
            numbers = Site.objects.filter(pk__in=change.site_ids).values_list("pk", "quota_per_half_hour")
            self._frame = Frame(decider(asked, now=self.now), releases_for(asked, change.site_ids), dict(numbers))
        return change_site(change, site_id, self._frame, now=self.now)

    def _tell_people(self, appointments: Sequence[int]) -> None:
        change = QuotaChange.objects.get(pk=self.change_id)
        for start in range(0, len(appointments), _PEOPLE):
            moved = move_people(
                appointment_ids=appointments[start : start + _PEOPLE],
                choice=WithAppointments(change.appointments),
                change_id=change.pk,
                reason=change.reason,
                by=change.by_id,
                now=self.now,
            )
            with transaction.atomic():
                row = QuotaChange.objects.select_for_update().get(pk=self.change_id)
                people = row.summary.setdefault("people", {"moved": 0, "cancelled": 0, "left": 0})
                for name, found in (("moved", moved.moved), ("cancelled", moved.cancelled), ("left", moved.left)):
                    people[name] += len(found)
                row.save(update_fields=["summary"])


def _remember(change: QuotaChange, left: Sequence[dict[str, Any]]) -> None:
    name = "undo_left" if change.state == ChangeState.UNDOING else "left"
    rows = change.summary.setdefault(name, [])
    counts = change.summary.setdefault(f"{name}_counts", {})
    for row in left:
        counts[row["why"]] = counts.get(row["why"], 0) + row.get("slots", 1)
    rows += left[: max(MOST_LEFT - len(rows), 0)]
