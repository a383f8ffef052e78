"""The one connection to the gate: runs scripts, many in one round trip, on one server, a group or a cluster."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import hiredis
import redis
from django.conf import settings
from redis.exceptions import AskError, MovedError, NoScriptError, TryAgainError

from booking.admission.breaker import GateDown
from booking.admission.guarded import GuardedClient
from booking.metrics import BREAKER_OPEN, BREAKER_OPENINGS, GATE_FAILURES, GATE_SECONDS

# Answers after which a call is made once more, by itself. MovedError is an AskError.
_ALONE = (NoScriptError, AskError, TryAgainError)
# How often a call follows its keys to another node.
_MOVES = 3


@dataclass(frozen=True, slots=True)
class Script:
    """A Lua file beside this module, and the name that Redis knows it by."""

    text: str
    sha: str

    @classmethod
    @lru_cache(maxsize=32)
    def named(cls, name: str) -> "Script":
        text = (Path(__file__).parent / f"{name}.lua").read_text()
        return cls(text=text, sha=hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())


@dataclass(frozen=True, slots=True)
class Call:
    """One run of a script; without a script, a reading of the keys' strings."""

    script: Script | None
    keys: Sequence[str]
    arguments: Sequence[Any] = ()

    def command(self) -> tuple[Any, ...]:
        """The command as Redis knows it."""
        if self.script is None:
            return ("MGET", *self.keys)
        return ("EVALSHA", self.script.sha, len(self.keys), *self.keys, *self.arguments)


class Connection(GuardedClient):
    """Runs scripts at the servers of settings.GATE."""

    def run(self, calls: Sequence[Call]) -> list[Any]:
        """The answers, in order, in one round trip (on a cluster: one for each node).

        Raises GateDown if one of them did not come; whoever did answer has done its part.
        """
        answers = self.run_partly(calls)
        for answer in answers:
            if isinstance(answer, GateDown):
                raise GateDown from answer
        return answers

    def run_partly(self, calls: Sequence[Call]) -> list[Any]:
        """As `run`, with a GateDown in place of each answer that did not come. Raises GateDown if none did."""
        if not calls:
            return []
        answers = self._run_on_nodes(calls) if self.is_cluster else self._run_on_one(calls)
        if all(isinstance(answer, GateDown) for answer in answers):
            raise GateDown from answers[0]
        return answers

    def run_and_read(self, calls: Sequence[Call], keys: Sequence[str]) -> tuple[list[Any], list[bytes | None]]:
        """As `run_partly`, and the strings at the keys on the same way: None where there is none, or no answer."""
        # On a cluster the keys of one command must live together, so there each is a command.
        rows = [(key,) for key in keys] if self.is_cluster else [tuple(keys)] if keys else []
        found = self.run_partly([*calls, *(Call(None, row) for row in rows)])
        read = zip(rows, found[len(calls) :], strict=True)
        strings = [value for row, got in read for value in ([None] * len(row) if isinstance(got, GateDown) else got)]
        return found[: len(calls)], strings

    def values(self, keys: Sequence[str]) -> list[bytes | None]:
        """The strings at the keys, None where there is none. Raises GateDown if one of the answers did not come."""
        found = self.values_partly(keys)
        for value in found:
            if isinstance(value, GateDown):
                raise GateDown from value
        return found  # type: ignore[return-value]

    def values_partly(self, keys: Sequence[str]) -> list[bytes | GateDown | None]:
        """As `values`, with a GateDown in place of each answer that did not come. Raises GateDown if none did."""
        if not self.is_cluster:
            return list(self.run([Call(None, keys)])[0]) if keys else []
        rows = self.run_partly([Call(None, (key,)) for key in keys])
        return [row if isinstance(row, GateDown) else row[0] for row in rows]

    def hash(self, key: str) -> dict[bytes, bytes]:
        """The fields and values of the hash at the key. Raises GateDown."""
        return dict(self.guarded(key, lambda: self.client.hgetall(key)))

    def ping(self) -> None:
        """Raises GateDown unless every server answers that has keys."""
        for name in self.nodes():
            self.on_node(name, partial(self._ping, name))

    def _ping(self, name: str) -> None:
        self.node_client(name).ping()

    def information(self, section: str) -> list[dict[str, Any]]:
        """What Redis says of itself; on a cluster, each of its nodes. Raises GateDown."""
        return [self.on_node(name, partial(self._information_of, name, section)) for name in self.nodes()]

    def _information_of(self, name: str, section: str) -> dict[str, Any]:
        return dict(self.node_client(name).info(section))

    def delete(self, keys: Sequence[str]) -> None:
        """Forget the keys, which share one hash tag. Raises GateDown."""
        self.guarded(keys[0], lambda: self.client.delete(*keys))

    def note_answer(self, seconds: float) -> None:
        """Also for whoever watches the city."""
        GATE_SECONDS.observe(seconds)

    def note_failure(self, opened: bool) -> None:
        """Also for whoever watches the city."""
        GATE_FAILURES.inc()
        if opened:
            BREAKER_OPENINGS.inc()
            BREAKER_OPEN.set(1)

    def note_back(self, all_are: bool) -> None:
        """Also for whoever watches the city."""
        BREAKER_OPEN.set(0 if all_are else 1)

    def _run_on_one(self, calls: Sequence[Call]) -> list[Any]:
        client = self.client

        def run() -> list[Any]:
            found = zip(calls, _pipeline(client, calls), strict=True)
            return [_text(client, call) if isinstance(answer, NoScriptError) else answer for call, answer in found]

        return self.on_node("", run)

    def _run_on_nodes(self, calls: Sequence[Call]) -> list[Any]:
        answers: list[Any] = [None] * len(calls)
        wanted: Sequence[int] = range(len(calls))
        for _ in range(_MOVES):
            by_node = self.by_node(calls[position].keys[0] for position in wanted)
            for name, places in by_node.items():
                positions = [wanted[place] for place in places]
                for position, answer in zip(positions, self._ask(name, [calls[p] for p in positions]), strict=True):
                    answers[position] = answer
            wanted = [position for position in wanted if isinstance(answers[position], MovedError)]
            if not wanted:
                break
            for position in wanted:
                self.client.nodes_manager.move_slot(answers[position])
        return [
            self._alone(call, answer) if isinstance(answer, _ALONE) else answer
            for call, answer in zip(calls, answers, strict=True)
        ]

    def _ask(self, name: str, calls: Sequence[Call]) -> list[Any]:
        try:
            return self.on_node(name, lambda: _pipeline(self.node_client(name), calls))
        except GateDown as down:
            return [down] * len(calls)

    def _alone(self, call: Call, why: Exception) -> Any:
        """A call whose node does not know the script, or is giving the keys away at this moment."""

        def run() -> Any:
            if isinstance(why, AskError) and self.client.get_node(host=why.host, port=why.port) is None:
                self.client.learn()
            try:
                return self.client.execute_command(*call.command())
            except NoScriptError:
                return _text(self.client, call)

        try:
            return self.guarded(call.keys[0], run)
        except GateDown as down:
            return down


def _pipeline(client: Any, calls: Sequence[Call]) -> list[Any]:
    """The answers; in place of one, the reason why this call has to be made in another way."""
    # What redis-py's own pipeline does, without what it adds for each command.
    pool = client.connection_pool
    wire = pool.get_connection()
    try:
        packed = b"".join([hiredis.pack_command(call.command()) for call in calls])
        wire.send_packed_command([packed], check_health=False)
        answers = [_read(wire) for _ in calls]
        for answer in answers:
            if isinstance(answer, Exception) and not isinstance(answer, _ALONE):
                raise answer
    except BaseException:
        # Answers may be left on the wire: nobody else may get them. Or this is a master no longer, or not yet.
        wire.disconnect()
        raise
    finally:
        pool.release(wire)
    return answers


def _text(client: Any, call: Call) -> Any:
    """Run the script from its text: a new or restarted server keeps it for the next time."""
    assert call.script is not None
    return client.eval(call.script.text, len(call.keys), *call.keys, *call.arguments)


def _read(wire: Any) -> Any:
    try:
        return wire.read_response()
    except redis.ResponseError as error:
        return error


@lru_cache(maxsize=1)
def connection() -> Connection:
    """This process's connection, opened at first use (after gunicorn has forked)."""
    gate: dict[str, Any] = settings.GATE
    return Connection(
        gate["url"],
        connections=gate["connections"],
        timeout=gate["timeout"],
        retry_after=gate["retry_after"],
    )
