"""The one connection to Redis: runs scripts, many in one round trip, on one server or on a cluster."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import hiredis
import redis
from django.conf import settings
from redis.exceptions import AskError, ClusterError, MovedError, NoScriptError, RedisError, TryAgainError

from booking.admission.breaker import Breaker, GateDown

log = logging.getLogger(__name__)
Result = TypeVar("Result")

_REDIRECTED = (MovedError, AskError, TryAgainError)


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


class Connection:
    """Speaks to the Redis of settings.GATE. Every failure to answer is GateDown, at once while the breaker is open."""

    def __init__(self, url: str, *, cluster: bool, connections: int, timeout: float, retry_after: float) -> None:
        self.breaker = Breaker(retry_after)
        self._cluster = cluster
        options: dict[str, Any] = {"socket_timeout": timeout, "socket_connect_timeout": timeout}
        if cluster:
            self.client: Any = redis.RedisCluster.from_url(url, **options)
        else:
            # A pool that waits: one that refuses turns a surge into errors.
            pool = redis.BlockingConnectionPool.from_url(url, max_connections=connections, timeout=timeout, **options)
            self.client = redis.Redis(connection_pool=pool)

    def run(self, calls: Sequence[Call]) -> list[Any]:
        """The answers, in order, in one round trip (on a cluster: one for each node). Raises GateDown."""
        return self._guarded(lambda: self._run_on_nodes(calls) if self._cluster else self._pipeline(self.client, calls))

    def run_and_read(self, calls: Sequence[Call], keys: Sequence[str]) -> tuple[list[Any], list[bytes | None]]:
        """As `run`, and the strings at the keys on the same way. Raises GateDown."""
        # On a cluster the keys of one command must live together, so there each is a command.
        readings = [Call(None, (key,)) for key in keys] if self._cluster else [Call(None, keys)] if keys else []
        found = self.run([*calls, *readings])
        return found[: len(calls)], [value for row in found[len(calls) :] for value in row]

    def values(self, keys: Sequence[str]) -> list[bytes | None]:
        """The strings at the keys, None where there is none. Raises GateDown."""
        if not keys:
            return []
        read = self.client.mget_nonatomic if self._cluster else self.client.mget
        return list(self._guarded(lambda: read(keys)))

    def hash(self, key: str) -> dict[bytes, bytes]:
        """The fields and values of the hash at the key. Raises GateDown."""
        return dict(self._guarded(lambda: self.client.hgetall(key)))

    def ping(self) -> None:
        """Raises GateDown unless the gate answers."""
        self._guarded(self.client.ping)

    def information(self, section: str) -> list[dict[str, Any]]:
        """What Redis says of itself; on a cluster, each of its nodes. Raises GateDown."""
        found = self._guarded(lambda: self.client.info(section))
        return list(found.values()) if self._cluster else [found]

    def delete(self, keys: Sequence[str]) -> None:
        """Forget the keys, which share one hash tag. Raises GateDown."""
        self._guarded(lambda: self.client.delete(*keys))

    def _guarded(self, work: Callable[[], Result]) -> Result:
        self.breaker.before()
        try:
            result = work()
        except (RedisError, OSError) as error:
            if self.breaker.failed():
                log.warning("The gate does not answer (%s); going on from the ledger.", type(error).__name__)
            raise GateDown from error
        if self.breaker.worked():
            log.warning("The gate answers again.")
        return result

    def _pipeline(self, client: Any, calls: Sequence[Call]) -> list[Any]:
        # What redis-py's own pipeline does, without what it adds for each command.
        pool = client.connection_pool
        wire = pool.get_connection()
        try:
            packed = b"".join([hiredis.pack_command(call.command()) for call in calls])
            wire.send_packed_command([packed], check_health=False)
            answers = [_read(wire) for _ in calls]
        except BaseException:
            # Answers may be left on the wire: nobody else may get them.
            wire.disconnect()
            raise
        finally:
            pool.release(wire)
        for position, answer in enumerate(answers):
            if isinstance(answer, (NoScriptError, *_REDIRECTED)):
                answers[position] = self._one(self.client, calls[position])
            elif isinstance(answer, Exception):
                raise answer
        return list(answers)

    def _one(self, client: Any, call: Call) -> Any:
        if call.script is None:
            return self.client.mget_nonatomic(call.keys) if self._cluster else client.mget(call.keys)
        try:
            return client.evalsha(call.script.sha, len(call.keys), *call.keys, *call.arguments)
        except NoScriptError:
            # A new or restarted server: EVAL runs the text and keeps it for the next time.
            return self.client.eval(call.script.text, len(call.keys), *call.keys, *call.arguments)

    def _run_on_nodes(self, calls: Sequence[Call]) -> list[Any]:
        by_node: dict[str, list[int]] = {}
        nodes: dict[str, Any] = {}
        for position, call in enumerate(calls):
            node = self.client.get_node_from_key(call.keys[0])
            if node is None:
                raise ClusterError("No node serves this slot.")
            nodes[node.name] = node
            by_node.setdefault(node.name, []).append(position)
        answers: list[Any] = [None] * len(calls)
        for name, positions in by_node.items():
            node_client = self.client.get_redis_connection(nodes[name])
            try:
                found = self._pipeline(node_client, [calls[position] for position in positions])
            except (redis.ConnectionError, redis.TimeoutError, *_REDIRECTED):
                # The node died or gave its keys away: learn the new layout, then ask one by one.
                self.client.nodes_manager.initialize()
                found = [self._one(self.client, calls[position]) for position in positions]
            for position, answer in zip(positions, found, strict=True):
                answers[position] = answer
        return answers


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
        cluster=gate["cluster"],
        connections=gate["connections"],
        timeout=gate["timeout"],
        retry_after=gate["retry_after"],
    )
