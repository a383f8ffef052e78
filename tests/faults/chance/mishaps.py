"""What may go wrong in the middle of a small rush. Which of it does, when and how badly, the seed says."""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psycopg
import redis

from booking.admission import GateDown
from booking.admission.keys import slot_keys
from booking.operations.quotas.set_quota import close_slot, reopen_slot, set_quota
from booking.operations.reconcile import reconcile
from booking.operations.refusals import Refusal
from tests.faults.chance.city import ChanceCity
from tests.faults.dying import POINTS, die_at


@dataclass
class Mishap:
    """Where it happens, and its luck."""

    city: ChanceCity
    slots: Sequence[int]
    chance: random.Random

    @property
    def gate(self) -> redis.Redis:
        """Straight to the gate, past the proxy."""
        return redis.Redis.from_url(self.city.gate.url(), socket_timeout=5)

    def gate_emptied(self) -> None:
        self.gate.flushall()

    def gate_killed(self) -> None:
        process = self.city.gate.process
        assert process is not None
        process.kill()
        process.wait(10)
        time.sleep(self.chance.uniform(0, 0.3))
        self.city.gate.start()

    def gate_slow(self) -> None:
        self.city.to_gate.delay(self.chance.choice([0.05, 0.2, 0.7]))
        time.sleep(self.chance.uniform(0.1, 0.5))
        self.city.to_gate.pass_on()

    def gate_cut(self) -> None:
        self.city.to_gate.cut()
        time.sleep(self.chance.uniform(0.05, 0.4))
        self.city.to_gate.pass_on()

    def gate_silent(self) -> None:
        self.city.to_gate.blackhole()
        time.sleep(self.chance.uniform(0.1, 0.6))
        self.city.to_gate.pass_on()

    def gate_answer_lost(self) -> None:
        self.city.to_gate.cut_after(to_client=self.chance.randint(1, 2000))

    def gate_gives_numbers_twice(self) -> None:
        """It thinks that every number of a slot is free."""
        slot = self.chance.choice(self.slots)
        quota = self.gate.hget(slot_keys(slot)[0], "quota")
        if quota and int(quota):
            self.gate.sadd(slot_keys(slot)[2], *range(1, int(quota) + 1))

    def gate_gives_too_many(self) -> None:
        slot, more = self.chance.choice(self.slots), self.chance.randint(1, 5)
        quota = self.gate.hget(slot_keys(slot)[0], "quota")
        if quota:
            self.gate.hset(slot_keys(slot)[0], "quota", int(quota) + more)
            self.gate.sadd(slot_keys(slot)[2], *range(int(quota) + 1, int(quota) + more + 1))

    def gate_goes_back_in_time(self) -> None:
        keys = [key for slot in self.slots for key in slot_keys(slot)]
        before = [(key, self.gate.dump(key)) for key in keys]
        time.sleep(self.chance.uniform(0.05, 0.3))
        with self.gate.pipeline() as pipeline:
            for key, value in before:
                pipeline.delete(key)
                if value is not None:
                    pipeline.restore(key, 0, value)
            pipeline.execute()
        # It was restarted, or another has taken its place: whoever spoke with it notices that.
        self.city.to_gate.cut()
        self.city.to_gate.pass_on()

    def leases_run_out(self) -> None:
        age_leases(self.gate, self.slots)

    def worker_killed(self) -> None:
        if workers := self.city.workers():
            os.kill(self.chance.choice(workers), signal.SIGKILL)

    def worker_dies_at_a_point(self) -> None:
        die_at(self.city, self.chance.choice(POINTS))

    def ledger_question_lost(self) -> None:
        self.city.to_ledger.cut_after(to_server=self.chance.randint(1, 20000))

    def ledger_answer_lost(self) -> None:
        self.city.to_ledger.cut_after(to_client=self.chance.randint(1, 20000))

    def ledger_cut_at_commit(self) -> None:
        self.city.to_ledger.cut_at(b"COMMIT")

    def ledger_cut(self) -> None:
        self.city.to_ledger.cut()
        time.sleep(self.chance.uniform(0.02, 0.2))
        self.city.to_ledger.pass_on()

    def ledger_sessions_ended(self) -> None:
        with psycopg.connect(self.city.ledger.url(), autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'web'")

    def quota_changed(self) -> None:
        from django.utils import timezone

        for _ in range(self.chance.randint(1, 4)):
            with contextlib.suppress(Refusal):
                quota = self.chance.randint(1, 15)
                set_quota(slot_id=self.chance.choice(self.slots), quota=quota, by=None, now=timezone.now())
            time.sleep(0.05)

    def slot_closed(self) -> None:
        from django.utils import timezone

        slot = self.chance.choice(self.slots)
        close_slot(slot_id=slot, by=None, now=timezone.now())
        time.sleep(self.chance.uniform(0.05, 0.3))
        reopen_slot(slot_id=slot, by=None, now=timezone.now())

    def reconciled(self) -> None:
        from django.utils import timezone

        with contextlib.suppress(GateDown):
            reconcile(now=timezone.now())

    def any_of_them(self) -> Callable[[], None]:
        """One of all these."""
        # A worker that is killed takes seconds to be replaced: not in every run.
        seldom = [self.worker_killed, self.worker_dies_at_a_point]
        others = [
            self.gate_emptied, self.gate_killed, self.gate_slow, self.gate_cut, self.gate_silent, self.gate_answer_lost,
            self.gate_gives_numbers_twice, self.gate_gives_too_many, self.gate_goes_back_in_time, self.leases_run_out,
            self.ledger_question_lost, self.ledger_answer_lost, self.ledger_cut_at_commit, self.ledger_cut,
            self.ledger_sessions_ended, self.quota_changed, self.slot_closed, self.reconciled,
        ]  # fmt: skip
        return self.chance.choice(seldom if self.chance.random() < 0.06 else others)


def age_leases(gate: redis.Redis, slots: Sequence[int], *, seconds: int = 3600) -> None:
    """So much time passes for every lease of the slots."""
    for slot in slots:
        leases = slot_keys(slot)[4]
        for claim in gate.zrange(leases, 0, -1):
            gate.zincrby(leases, -seconds * 1000, claim)
