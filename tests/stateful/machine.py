"""People, administrators, jobs and mishaps in any order.

Every act is looked up in the model first, then done for real: the answer, everything that the ledger holds, and the
numbers of the gate have to be one of the outcomes.
"""

from datetime import timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from booking import admission
from booking.operations.freed_places.release_places import release_places
from booking.operations.quotas.set_quota import close_slot, reopen_slot, set_quota
from booking.operations.reconcile import reconcile
from booking.queries.audit import audit
from booking.queries.load_gate import load_slot
from tests.factories import CLOCK
from tests.stateful import model, model_slots
from tests.stateful.model import OK
from tests.stateful.people import A_SLOT, PATIENTS, People

# Nobody is asked about a place at night, and the model has no night.
_EVENING = CLOCK + timedelta(hours=10)


class Machine(People):
    """Everything that may happen."""

    # --- Administrators and jobs ----------------------------------------------------------------------------------

    @rule(slot=A_SLOT, quota=st.integers(0, 4))
    def the_quota_is_set(self, slot: int, quota: int) -> None:
        act = partial(set_quota, slot_id=self.ids[slot], quota=quota, by=None)
        self.do(act, self.pushed(model_slots.set_quota(self.world, slot, quota)))

    @rule(slot=A_SLOT)
    def the_slot_is_closed(self, slot: int) -> None:
        act = partial(close_slot, slot_id=self.ids[slot], by=None)
        self.do(act, self.pushed(model_slots.close(self.world, slot)))

    @rule()
    def closed_slots_are_opened_again(self) -> None:
        for slot, found in enumerate(self.world.slots):
            if found.closed:
                act = partial(reopen_slot, slot_id=self.ids[slot], by=None)
                self.do(act, self.pushed(model_slots.reopen(self.world, slot)))

    @rule()
    def what_is_due_is_passed_on(self) -> None:
        self.do(partial(release_places), self.pushed(model.release(self.world)))

    @precondition(lambda self: self.world.now < _EVENING)
    @rule(minutes=st.sampled_from([1, 5, 11, 31]))
    def time_passes(self, minutes: int) -> None:
        self.note(f"{minutes} minutes pass")
        self.world.now += timedelta(minutes=minutes)
        self.gate.age(self.ids, minutes * 60)

    @precondition(lambda self: not self.world.gate_away)
    @rule()
    def gate_and_ledger_are_compared(self) -> None:
        if self.do(partial(reconcile), model.same(self.world, OK)) is not None:
            found = audit(now=self.world.now)
            self.expect(not found.drifted, f"after reconcile: {found.lines()}")
            self.believe_the_gate()

    @precondition(lambda self: not self.world.gate_away and self.world.now < _EVENING)
    @rule()
    def leases_run_out_and_gate_and_ledger_are_compared(self) -> None:
        self.ends_at = 0
        self.time_passes(11)
        self.gate_and_ledger_are_compared()
        found = audit(now=self.world.now)
        self.expect(found.is_clean and not found.running_holds, f"after the leases: {found.lines()}")
        left = admission.places_left(self.ids)
        for slot, slot_id in enumerate(self.ids):
            free = self.world.slots[slot].quota - self.world.taken(slot)
            self.expect(left.get(slot_id, free) == free, f"{left} left, and {free} free in {slot_id}")

    # --- Mishaps --------------------------------------------------------------------------------------------------

    @rule(crossing=st.integers(1, 30))
    def the_next_process_ends_in_the_middle(self, crossing: int) -> None:
        self.note(f"the next process ends at its crossing {crossing}")
        self.ends_at = crossing

    @precondition(lambda self: not self.world.gate_away)
    @rule()
    def the_gate_is_emptied(self) -> None:
        self.note("the gate is emptied")
        self.gate.empty()
        self.world.holds.clear()
        for slot in self.world.slots:
            slot.doubt = False

    @precondition(lambda self: not self.world.gate_away)
    @rule()
    def the_gate_is_copied(self) -> None:
        self.note("the gate is copied")
        self.copied = self.gate.copy(self.ids)

    @precondition(lambda self: not self.world.gate_away)
    @rule()
    def the_gate_is_as_it_was_when_it_was_copied(self) -> None:
        if self.copied:
            self.note("the gate is as it was when it was copied")
            self.gate.put_back(self.copied)
            self.world = model.doubted(self.world)

    @precondition(lambda self: not self.world.gate_away)
    @rule(slot=A_SLOT, more=st.integers(1, 3), patient=PATIENTS)
    def the_gate_gives_more_than_there_is(self, slot: int, more: int, patient: int) -> None:
        self.note(f"the gate gives {more} more than there are of {self.ids[slot]}")
        load_slot(self.ids[slot], now=self.world.now)
        self.gate.widen(self.ids[slot], self.world.slots[slot].quota, more)
        self.world.slots[slot].doubt = True
        self.books(patient, slot)

    @precondition(lambda self: not self.world.gate_away)
    @rule()
    def the_gate_goes_away(self) -> None:
        self.note("the gate is away")
        self.gate.go_away()
        self.world.gate_away = True

    @precondition(lambda self: self.world.gate_away)
    @rule()
    def the_gate_comes_back(self) -> None:
        self.note("the gate is back")
        self.gate.come_back()
        self.world.gate_away = False
