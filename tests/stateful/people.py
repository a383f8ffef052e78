"""What people do. What there is to choose from is luck where a gate is in doubt, and what is drawn must not be: so
nothing has a precondition that depends on answers, and whoever has nothing to do it with begins.
"""

from datetime import timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import rule

from booking.operations.book import book
from booking.operations.cancel import cancel, restore
from booking.operations.hold import hold, read_hold
from booking.operations.move import move
from booking.operations.waitlist.accept import accept
from booking.operations.waitlist.decline import decline
from booking.operations.waitlist.join import join
from booking.operations.waitlist.leave import leave
from tests.factories import CLOCK
from tests.stateful import model_booking, model_slots
from tests.stateful.city import PEOPLE, SLOTS
from tests.stateful.doing import Doing
from tests.stateful.model import Row

PATIENTS, A_SLOT, ANY = st.integers(0, PEOPLE - 1), st.integers(0, SLOTS - 1), st.integers(0, 99)


class People(Doing):
    """Citizens."""

    @rule(patient=PATIENTS, slot=A_SLOT)
    def holds(self, patient: int, slot: int) -> None:
        act = partial(hold, patient_id=self.city.people[patient].pk, slot_id=self.ids[slot])
        held = self.do(act, model_booking.hold(self.world, patient, slot), patient)
        if held is not None:
            claim = read_hold(held.token, account_id=self.city.account(patient)).claim
            self.world.holds[patient].claim = claim
            self.tokens.append((patient, slot, claim))

    @rule(patient=PATIENTS, slot=A_SLOT)
    def books(self, patient: int, slot: int) -> None:
        self._book(self.key(), patient, slot, None)

    @rule(which=ANY)
    def books_what_is_held(self, which: int) -> None:
        if not self.tokens:
            return self.holds(which % PEOPLE, which % SLOTS)
        self._book(self.key(), *self.tokens[-1 - which % min(len(self.tokens), 3)])

    @rule(which=ANY)
    def asks_again(self, which: int) -> None:
        if not self.bodies:
            return self.books(which % PEOPLE, which % SLOTS)
        self._book(*self.bodies[which % len(self.bodies)])

    @rule(which=ANY, slot=A_SLOT, other_person=st.booleans())
    def asks_for_something_else_with_the_same_key(self, which: int, slot: int, other_person: bool) -> None:
        used = [body for body in self.bodies if self.world.row(body[0]) is not None]
        if not used:
            return self.books(which % PEOPLE, slot)
        key, patient, before, claim = used[which % len(used)]
        # Only the first two share an account, and keys are an account's own.
        person = 1 - patient if other_person and patient < 2 else patient
        if (person, slot, None) != (patient, before, claim):
            self._book(key, person, slot, None, keep=False)

    @rule(which=ANY)
    def cancels(self, which: int) -> None:
        if (row := self._row(which)) is None:
            return self.books(which % PEOPLE, which % SLOTS)
        act = partial(cancel, reference=self.seen.references[row.label])
        self.do(act, model_booking.cancel(self.world, row.label), row.patient)

    @rule(which=ANY)
    def restores(self, which: int) -> None:
        if (row := self._row(which)) is None:
            return self.books(which % PEOPLE, which % SLOTS)
        act = partial(restore, reference=self.seen.references[row.label])
        self.do(act, model_booking.restore(self.world, row.label), row.patient)

    @rule(which=ANY, slot=A_SLOT, again=st.booleans())
    def moves(self, which: int, slot: int, again: bool) -> None:
        if (row := self._row(which)) is None:
            return self.books(which % PEOPLE, slot)
        key, to = (row.move_key, row.slot) if again and row.move_key else (self.key(), slot)
        act = partial(move, reference=self.seen.references[row.label], slot_id=self.ids[to], request_key=key)
        self.do(act, model_booking.move(self.world, row.label, to, key), row.patient)

    @rule(patient=PATIENTS, slot=A_SLOT)
    def waits(self, patient: int, slot: int) -> None:
        until = (CLOCK + timedelta(days=7)).date()
        wish = {"programme": self.city.programme.code, "sites": [self.city.sites[slot].code], "until": until}
        act = partial(join, patient_id=self.city.people[patient].pk, **wish)
        self.do(act, model_slots.join(self.world, patient, slot), patient)

    @rule(patient=PATIENTS)
    def waits_no_longer(self, patient: int) -> None:
        entry = self.world.waiting(patient)
        if entry is None:
            return self.waits(patient, patient % SLOTS)
        act = partial(leave, entry_id=self.seen.entry_ids[(patient, entry.joined_at)])
        self.do(act, model_slots.leave(self.world, patient), patient)

    @rule(which=ANY, wants=st.booleans())
    def answers(self, which: int, wants: bool) -> None:
        if not self.world.offers:
            return self.waits(which % PEOPLE, which % SLOTS)
        position = len(self.world.offers) - 1 - which % min(len(self.world.offers), 4)
        offer = self.world.offers[position]
        act, outcomes = (accept, model_slots.accept) if wants else (decline, model_slots.decline)
        offer_id = self.seen.offer_ids[(offer.patient, offer.joined_at, offer.slot)]
        self.do(partial(act, offer_id=offer_id), self.pushed(outcomes(self.world, position)), offer.patient)

    def _book(self, key: str, patient: int, slot: int, claim: str | None, *, keep: bool = True) -> None:
        if keep and (key, patient, slot, claim) not in self.bodies:
            self.bodies.append((key, patient, slot, claim))
        act = partial(
            book, patient_id=self.city.people[patient].pk, slot_id=self.ids[slot], request_key=key, hold_claim=claim
        )
        facts = self.do(act, model_booking.book(self.world, key, patient, slot, claim), patient)
        if facts is not None:
            self.expect(facts.reference == self.seen.references[key], "the answer is about another appointment")

    def _row(self, which: int) -> Row | None:
        return self.world.rows[-1 - which % len(self.world.rows)] if self.world.rows else None
