"""A client of the servers, with a breaker for each of them: one that fails harms only what it has."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from redis.exceptions import ClusterDownError, ClusterError, RedisClusterException, RedisError, SlotNotCoveredError

from booking.admission.breaker import Breaker, GateDown
from booking.admission.servers import Cluster, open_client, servers_of

log = logging.getLogger(__name__)
Result = TypeVar("Result")

_GONE = (RedisError, RedisClusterException, OSError)
# The one server, or the master of the group; of a cluster, all of it as long as no node tells who has what.
_ALL = ""
# Of a cluster: what has no node.
_NOBODY = "no node"


class GuardedClient:
    """Speaks to the servers at `url`. Every failure to answer is GateDown, at once while that server's breaker is open.

    Opened at first use. `what` is how the log calls it.
    """

    def __init__(self, url: str, *, connections: int, timeout: float, retry_after: float, what: str = "gate") -> None:
        self.is_cluster = servers_of(url).kind == "cluster"
        self._open = partial(open_client, url, connections=connections, timeout=timeout)
        self._retry_after, self._what = retry_after, what
        self._opened: Any = None
        self._opening = threading.Lock()
        self._breakers: dict[str, Breaker] = {}
        self._failed_at = float("-inf")

    @property
    def client(self) -> Any:
        """redis-py's client. Raises GateDown while a cluster cannot be reached at all."""
        if self._opened is None:
            with self._opening:
                if self._opened is None:
                    self._opened = self.on_node(_ALL, self._open)
        return self._opened

    @property
    def breaker(self) -> Breaker:
        """That of the one server or group; of a cluster, of all of it together."""
        return self._breaker_of(_ALL)

    @property
    def gone(self) -> list[str]:
        """The servers that count as gone, by name; a single one has none."""
        return [name for name, breaker in list(self._breakers.items()) if breaker.is_open]

    def has_failed_within(self, seconds: float) -> bool:
        """True if something failed less than so long ago, or is gone still."""
        return time.monotonic() - self._failed_at < seconds or bool(self.gone)

    def node_of(self, key: str) -> str:
        """The name of the server that has the key. Raises GateDown while a cluster cannot be reached at all."""
        if not self.is_cluster:
            return _ALL
        try:
            return str(self.client.get_node_from_key(key).name)
        except SlotNotCoveredError:
            return _NOBODY

    def by_node(self, keys: Iterable[str]) -> dict[str, list[int]]:
        """The positions of the keys, by the server that has them."""
        found: dict[str, list[int]] = {}
        for position, key in enumerate(keys):
            found.setdefault(self.node_of(key), []).append(position)
        return found

    def node_client(self, name: str) -> Any:
        """The client of a cluster's node; of all of them together where there is no cluster."""
        if not self.is_cluster:
            return self.client
        node = self.client.get_node(node_name=name)
        if node is None:
            raise RedisClusterException("No node serves this slot.")
        return self.client.get_redis_connection(node)

    def nodes(self) -> list[str]:
        """The names of all servers that have keys."""
        return [node.name for node in self.client.get_primaries()] if self.is_cluster else [_ALL]

    def guarded(self, key: str, work: Callable[[], Result]) -> Result:
        """What `work` says, which asks the server that has the key. Raises GateDown."""
        return self.on_node(self.node_of(key), work)

    def on_node(self, name: str, work: Callable[[], Result]) -> Result:
        """What `work` says, which asks the server of this name. Raises GateDown."""
        breaker = self._breaker_of(name)
        breaker.before()
        began = time.perf_counter()
        try:
            result = work()
        except _GONE as error:
            # Keys that are between two nodes just now say nothing of the others that a node has.
            if not isinstance(error, ClusterError) or isinstance(error, ClusterDownError):
                self._failed_at = time.monotonic()
                opened = breaker.failed()
                self.note_failure(opened)
                if opened:
                    log.warning("%s does not answer (%s).", self._named(name), type(error).__name__)
            raise GateDown from error
        self.note_answer(time.perf_counter() - began)
        return result

    def note_answer(self, seconds: float) -> None:
        """Called with the time that each answer took."""

    def note_failure(self, opened: bool) -> None:
        """Called when a server did not answer; `opened` if it counts as gone from now on."""

    def note_back(self, all_are: bool) -> None:
        """Called when a server that was gone answers again; `all_are` if no other is gone."""

    def _breaker_of(self, name: str) -> Breaker:
        return self._breakers.get(name) or self._breakers.setdefault(
            name, Breaker(self._retry_after, partial(self._answers, name))
        )

    def _answers(self, name: str) -> bool:
        try:
            if self._opened is None:
                self._opened = self._open()
            if not isinstance(self._opened, Cluster):
                self._opened.ping()
            else:
                self._opened.learn()
                # A node that has no keys any more is asked by nobody.
                if name in self.nodes():
                    self.node_client(name).ping()
        except Exception:
            # Whatever it is, it is no answer; and nobody would look again if this thread ended.
            return False
        log.warning("%s answers again.", self._named(name))
        self.note_back(self.gone == [name])
        return True

    def _named(self, name: str) -> str:
        return f"Node {name} of the {self._what}" if name else f"The {self._what}"
