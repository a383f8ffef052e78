"""The ledger's half of a move: the new places are given and the old ones freed in one transaction."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from booking import admission
from booking.admission import GateDown
from booking.models import Appointment, EventKind, Message, MessageKind, RelocationState, Slot, Status
from booking.operations.freed_places.pass_on import Left, free_numbers
from booking.operations.freed_places.to_everybody import release_on_commit
from booking.operations.history import note
from booking.operations.once_more import again_if_undone
from booking.operations.refusals import NoChangesLeft, NotOpen, SlotClosed, TooLate, WrongStatus
from booking.operations.releases.pausing import refuse_if_paused_in_the_ledger
from booking.operations.relocations.answers import settle
from booking.operations.series import day_of, locked_series
from booking.rules.changes import can_move
from booking.rules.clocks import moment
from booking.rules.eligibility import ProgrammeRules, earliest_after


@dataclass(frozen=True, slots=True)
class Step:
    """One appointment goes to a place that the gate gave; `newly`: by this call, so that it is this call's to drop."""

    reference: str
    slot_id: int
    place: int
    claim: str
    newly: bool


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves the first step's appointment, and how that is written down. Without `by_city` it is the citizen."""

    account_id: int
    by_city: bool = False

    @property
    def event(self) -> EventKind:
        return EventKind.RELOCATED if self.by_city else EventKind.MOVED

    @property
    def message(self) -> MessageKind:
        return MessageKind.RELOCATED if self.by_city else MessageKind.MOVED

    @property
    def answer(self) -> RelocationState:
        """What this move says to a place that the city chose before."""
        return RelocationState.TAKEN_BACK if self.by_city else RelocationState.CHOSE_ANOTHER


class LookAgain(Exception):
    """What the move was planned on has changed: `slots` have other free numbers than thought, or the series moved."""

    def __init__(self, slots: Sequence[int] = ()) -> None:
        super().__init__()
        self.slots = slots


@again_if_undone
def record_moves(
    account_id: int, steps: Sequence[Step], rules: ProgrammeRules, *, now: datetime, mover: Mover | None = None
) -> tuple[Appointment, set[str]]:
    """Move the first step's appointment, and the later doses of its series along with it, all or none.

    Returns the appointment, and the claims that its series has now. If it stands in its new slot already, nothing is
    changed. The account is the one that booked; it moves itself unless a `mover` is named. The city's own moves go on
    during a pause. Raises LookAgain, refusals and django.db.Error.
    """
    first, mover = steps[0], mover or Mover(account_id)
    try:
        with transaction.atomic():
            row, series = locked_series(account_id, first.reference)
            if row.slot_id == first.slot_id and row.status == Status.BOOKED:
                return row, {one.claim for one in series}
            _refuse_late(row, now=now)
            found = {one.reference: one for one in series}
            if any(step.reference not in found or found[step.reference].status != Status.BOOKED for step in steps):
                raise LookAgain()
            answered = settle([found[step.reference].pk for step in steps], mover.answer, now=now)
            counts = not mover.by_city and row.pk not in answered
            if counts and row.moves >= settings.MOVES_ALLOWED:
                raise NoChangesLeft()
            slots = _locked_for_share([one.slot_id for one in series] + [step.slot_id for step in steps])
            if not mover.by_city:
                refuse_if_paused_in_the_ledger()
            _refuse_closed(first, steps, slots, now=now)
            left = [_go(row, first, slots[first.slot_id], mover, counts=counts, now=now)]
            for step in steps[1:]:
                left.append(_go(found[step.reference], step, slots[step.slot_id], mover, along_with=first, now=now))
            _check_spacing({found[step.reference].dose for step in steps}, series, rules)
            _free(left, mover, now=now)
            return row, {one.claim for one in series}
    except IntegrityError as error:
        if broken_constraint(error) == "one_appointment_per_place":
            raise LookAgain([step.slot_id for step in steps]) from error
        raise


def has_another(error: IntegrityError) -> bool:
    """Whether the ledger refused because the person has another live appointment for the dose, and nothing else."""
    return broken_constraint(error) == "one_live_appointment_per_person_and_dose"


def broken_constraint(error: IntegrityError) -> str:
    """The name of the constraint that the ledger refused by; its message is for people and may change."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", ""))


def _refuse_late(row: Appointment, *, now: datetime) -> None:
    if row.status != Status.BOOKED:
        raise WrongStatus(status=row.status)
    if not can_move(starts_at=row.slot.starts_at, now=now):
        raise TooLate()


def _refuse_closed(first: Step, steps: Sequence[Step], slots: dict[int, Slot], *, now: datetime) -> None:
    for step in steps:
        slot = slots[step.slot_id]
        if slot.closed_at is not None or slot.starts_at <= now:
            # The citizen chose the first; another place for those that move along can be found.
            raise SlotClosed() if step is first else LookAgain()
        # As the statement that books: this machine's clock may be wrong.
        if slot.opens_at > moment(now=now, ledger=slot.clock):  # type: ignore[attr-defined]
            raise NotOpen(opens_at=slot.opens_at) if step is first else LookAgain([step.slot_id])
        if step.place > slot.quota:
            raise LookAgain([step.slot_id])


def _go(
    row: Appointment,
    step: Step,
    slot: Slot,
    mover: Mover,
    *,
    now: datetime,
    counts: bool = False,
    along_with: Step | None = None,
) -> Left:
    """Write the appointment into its new place; returns the one that it has left."""
    facts: dict[str, object] = {"from_slot": row.slot_id, "from_place": row.place}
    left = Left(row.slot_id, row.place or 0, row.claim, row.programme_id)
    _settle_on_commit(step)
    row.slot, row.place, row.claim = slot, step.place, step.claim
    event, message = (mover.event, mover.message) if along_with is None else (EventKind.MOVED, MessageKind.MOVED)
    if along_with is not None:
        facts["along_with"] = along_with.reference
    # Only what the citizen chose counts as one of the changes the city allows.
    row.moves += counts
    row.save(update_fields=["slot", "place", "claim", "moves"])
    note(row, event, by=mover.account_id, now=now, slot=slot.pk, place=step.place, **facts)
    key = f"{message}:{row.reference}:{row.moves if counts else step.claim}"
    Message.objects.create(key=key, kind=message, appointment=row, created_at=now, due_at=now)
    return left


def _free(left: Sequence[Left], mover: Mover, *, now: datetime) -> None:
    if not mover.by_city:
        free_numbers(left, now=now)
        return
    # The city wants fewer people there, or nobody: these are offered to nobody.
    for one in left:
        release_on_commit(one.slot_id, one.claim)


def _settle_on_commit(step: Step) -> None:
    def settle() -> None:
        # Without the gate: the ledger has it, and reconcile tells the gate when it is back.
        with suppress(GateDown):
            admission.settle_many([(step.slot_id, step.claim, step.place)])

    transaction.on_commit(settle)


def _check_spacing(moved: set[int], series: Sequence[Appointment], rules: ProgrammeRules) -> None:
    # Planned before the series was locked: another dose may have moved since.
    days = {one.dose: day_of(one) for one in series}
    for dose in {near for one in moved for near in (one - 1, one)}:
        if dose in days and dose + 1 in days and days[dose + 1] < earliest_after(rules, dose, days[dose]):
            raise LookAgain()


def _locked_for_share(slot_ids: list[int]) -> dict[int, Slot]:
    # In the order of their keys: two moves in opposite directions then wait, and do not deadlock.
    found = Slot.objects.raw(
        "SELECT *, clock_timestamp() AS clock FROM booking_slot WHERE id = ANY(%s) ORDER BY id FOR SHARE",
        [sorted(set(slot_ids))],
    )
    return {slot.pk: slot for slot in found}
