"""What goes wrong: a process that ends between two words to ledger or gate, and a gate that forgets or is away."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection as ledger
from django.db.backends.base.base import BaseDatabaseWrapper

from booking.admission.connection import connection
from booking.admission.guarded import GuardedClient
from booking.admission.keys import loading_key, slot_keys
from deploy.embedded import free_port


class Crashed(BaseException):
    """The process has ended here. Nothing catches it."""


class Crossings:
    """Every way from the process to ledger and gate and back is one; at the chosen one the process ends."""

    def __init__(self) -> None:
        self._left = 0

    def arm(self, left: int) -> None:
        """End the process at that crossing from now; 0: at none."""
        self._left = left

    def _cross(self) -> None:
        if self._left:
            self._left -= 1
            if not self._left:
                raise Crashed

    def _between(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def crossing(*args: Any, **kwargs: Any) -> Any:
            self._cross()
            answer = work(*args, **kwargs)
            self._cross()
            return answer

        return crossing

    @contextmanager
    def installed(self, monkeypatch: Any) -> Iterator["Crossings"]:
        """Watch every statement, every commit and every command."""

        def statement(execute: Callable[..., Any], *args: Any) -> Any:
            return self._between(execute)(*args)

        monkeypatch.setattr(GuardedClient, "on_node", self._between(GuardedClient.on_node))
        monkeypatch.setattr(BaseDatabaseWrapper, "_commit", self._between(BaseDatabaseWrapper._commit))
        with ledger.execute_wrapper(statement):
            yield self


def end_process(slot_ids: Sequence[int]) -> None:
    """What the end of a process leaves: no connection, nothing to be done after a commit, no lock that it held."""
    ledger.run_on_commit.clear()
    ledger.close()
    if slot_ids:
        # The lock of whoever loads a slot lasts three seconds; nobody here waits for them.
        connection().client.delete(*(loading_key(slot_id) for slot_id in slot_ids))


class Gate:
    """The gate as its worst enemy has it."""

    def __init__(self) -> None:
        # A busy machine must not look like a gate that is away.
        self._here = {**settings.GATE, "timeout": 30}
        self._nobody = free_port()
        self._ask(self._here)
        self.client = connection().client

    def empty(self) -> None:
        """It forgets everything."""
        self.client.flushall()

    def copy(self, slot_ids: Sequence[int]) -> list[tuple[str, bytes | None]]:
        """A copy of all that it knows of the slots."""
        return [(key, self.client.dump(key)) for slot_id in slot_ids for key in slot_keys(slot_id)]

    def put_back(self, copied: Sequence[tuple[str, bytes | None]]) -> None:
        """It knows what it knew when the copy was made, as a replica that lagged behind."""
        with self.client.pipeline() as pipeline:
            for key, value in copied:
                pipeline.delete(key)
                if value is not None:
                    pipeline.restore(key, 0, value)
            pipeline.execute()

    def widen(self, slot_id: int, quota: int, more: int) -> None:
        """It gives out more numbers than the slot has."""
        keys = slot_keys(slot_id)
        self.client.sadd(keys[2], *range(quota + 1, quota + 1 + more))
        self.client.hset(keys[0], "quota", quota + more)

    def age(self, slot_ids: Sequence[int], seconds: float) -> None:
        """So much time passes for every lease."""
        for slot_id in slot_ids:
            leases = slot_keys(slot_id)[4]
            for claim, until in self.client.zrange(leases, 0, -1, withscores=True):
                self.client.zadd(leases, {claim: until - seconds * 1000})

    def go_away(self) -> None:
        """Nobody answers where it was."""
        self._ask({**self._here, "url": f"redis://127.0.0.1:{self._nobody}/0"})

    def come_back(self) -> None:
        """It answers again, and knows what it knew."""
        self._ask(self._here)

    def _ask(self, gate: dict[str, Any]) -> None:
        settings.GATE = gate
        connection.cache_clear()
