"""Doing something for real beside the model, and comparing the two."""

import sys
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from booking import admission
from booking.operations.refusals import Refusal
from tests.factories import CLOCK
from tests.stateful import model
from tests.stateful.breaking import Crashed, Crossings, Gate, end_process
from tests.stateful.city import SLOTS, City
from tests.stateful.model import CRASHED, OK, Outcome, World


class Doing(RuleBasedStateMachine):
    """The city, its model, and what both say. `city`, `gate` and `crossings` are put here by whoever runs it."""

    city: ClassVar[City]
    gate: ClassVar[Gate]
    crossings: ClassVar[Crossings]
    steps: ClassVar[int] = 0
    found: ClassVar[str] = ""

    @initialize(quotas=st.lists(st.integers(0, 3), min_size=SLOTS, max_size=SLOTS))
    def begin(self, quotas: list[int]) -> None:
        self.world = World(CLOCK, [model.Slot(quota) for quota in quotas])
        # At which crossing the next act's process ends; 0: at none.
        self.ends_at = self.keys = 0
        self.bodies: list[tuple[str, int, int, str | None]] = []
        self.tokens: list[tuple[int, int, str]] = []
        self.copied: list[tuple[str, bytes | None]] = []
        self.journal = [f"quotas {quotas}"]
        self.city.begin(quotas)
        self.gate.empty()
        self.ids = [slot.pk for slot in self.city.slots]
        self.seen = self.city.look()

    def do(self, act: "partial[Any]", outcomes: Sequence[Outcome], patient: int | None = None) -> Any:
        """Do it now, for the patient's account if one is given; what it returned, if it did."""
        self.note(f"{act.func.__name__} of {patient}, {act.keywords}")
        if patient is not None:
            act = partial(act, account_id=self.city.account(patient))
        answer, result = self._done(act)
        if answer == CRASHED:
            # Nobody was answered: all of it has happened or nothing, and the gate may be wrong about any of it.
            outcomes = [Outcome(CRASHED, model.doubted(one.world)) for one in [*outcomes, Outcome(OK, self.world)]]
        self.note(f"  {answer}")
        self.seen = self.city.look()
        fitting = [one.world for one in outcomes if one.answer == answer and one.world.view() == self.seen.view]
        self.expect(bool(fitting), _difference(answer, outcomes, self.seen.view))
        self.world = fitting[0]
        # No two acts in one moment.
        self.world.now += timedelta(milliseconds=1)
        return result

    def _done(self, act: "partial[Any]") -> tuple[str, Any]:
        self.crossings.arm(self.ends_at)
        try:
            return OK, act(now=self.world.now)
        except Refusal as refusal:
            return refusal.code, None
        except BaseException as error:
            # Whoever tidies up after the end of a process, as no process does, may fail at it.
            if not _ended(error):
                self.expect(False, f"nobody expects {error!r}")
                raise
            end_process([] if self.world.gate_away else self.ids)
            return CRASHED, None
        finally:
            self.crossings.arm(0)
            self.ends_at = 0

    def note(self, line: str) -> None:
        """Write down what was done: the luck of a gate that is in doubt cannot be had a second time."""
        self.journal.append(f"{self.world.now:%H:%M:%S.%f} {line}")

    def expect(self, holds: bool, otherwise: str) -> None:
        """Fail with what was done before."""
        if not holds:
            type(self).found = otherwise
            sys.stdout.write("\n".join(["", *self.journal, otherwise, ""]))
            raise AssertionError(otherwise)

    @invariant()
    def the_promises_hold(self) -> None:
        type(self).steps += 1
        for places, quota in zip(self.seen.places, self.seen.quotas, strict=True):
            within = [place for place in places if 1 <= place <= quota]
            self.expect(len(set(within)) == len(places) <= quota, f"a quota of {quota}, and numbers {places}")
        live = [patient for _, patient, _, status, *_ in self.seen.view["rows"] if status == "BOOKED"]
        self.expect(len(set(live)) == len(live), f"live appointments of patients {live}")
        if not self.world.gate_away:
            self._the_gate_has_the_numbers_of_the_ledger()

    def _the_gate_has_the_numbers_of_the_ledger(self) -> None:
        certain = [n for n, slot in enumerate(self.world.slots) if not slot.doubt]
        found = admission.summaries([self.ids[slot] for slot in certain]) if certain else {}
        for slot in certain:
            if (summary := found.get(self.ids[slot])) is not None:
                quota, taken, held = self.world.slots[slot].quota, self.world.taken(slot), self.world.held(slot)
                running, free = summary.holds - summary.lapsed, summary.free + summary.lapsed
                is_right = (summary.quota, summary.settled, running, free) == (quota, taken, held, quota - taken - held)
                self.expect(is_right, f"{quota=} {taken=} {held=}, and the gate has {summary}")

    def believe_the_gate(self) -> None:
        """No doubt is left where the gate knows each number by its right name, or nothing at all."""
        at_gate = admission.summaries(self.ids)
        for slot, found in enumerate(self.world.slots):
            summary = at_gate.get(self.ids[slot])
            running = summary.holds - summary.lapsed if summary else 0
            names = self.city.gate_claims(slot)
            held = {held.claim for held in self.world.holds.values() if held.slot == slot}
            taken = {claim: number for claim, number in names.items() if claim not in held}
            if running == self.world.held(slot) and taken == self.seen.claims[slot] and held <= set(names):
                found.doubt = False
            elif not names:
                found.doubt = False
                self.world.holds = {patient: one for patient, one in self.world.holds.items() if one.slot != slot}

    def pushed(self, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        """What is pushed to a gate that is away is not heard."""
        if not self.world.gate_away:
            return outcomes
        return [Outcome(one.answer, model.doubted(one.world)) for one in outcomes]

    def key(self) -> str:
        """A request key that was not used before."""
        self.keys += 1
        return f"key-{self.keys:04}"

    def teardown(self) -> None:
        if hasattr(self, "world") and self.world.gate_away:
            self.gate.come_back()


def _ended(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, Crashed):
        error = error.__context__
    return error is not None


def _difference(answer: str, outcomes: Sequence[Outcome], found: dict[str, Any]) -> str:
    lines = [f"answered {answer!r}; the model allows:"]
    for one in outcomes:
        expected = one.world.view()
        differing = [f"{part}: {expected[part]}" for part in expected if expected[part] != found[part]]
        lines.append(f"  {one.answer!r}" + "".join(f"\n    instead of {line}" for line in differing))
    return "\n".join([*lines, *(f"  found {part}: {rows}" for part, rows in found.items())])
