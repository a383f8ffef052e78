"""The shared cache in Redis. When Redis is gone it forgets instead of failing: nothing in it is the only copy."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

from booking.admission import GateDown
from booking.admission.guarded import GuardedClient

# Django makes a cache for each thread, and for each connection of a browser under gevent. A page asks more than once,
# and nobody gathers its questions as those to the gate are gathered.
_TIMES_THE_GATE = 8


@lru_cache(maxsize=1)
def reached() -> GuardedClient:
    """This process's way to the servers of the cache, which are the gate's; with connections of its own."""
    gate: dict[str, Any] = settings.GATE
    return GuardedClient(
        gate["url"],
        connections=gate["connections"] * _TIMES_THE_GATE,
        timeout=gate["timeout"],
        retry_after=gate["retry_after"],
        what="cache",
    )


class _Client(RedisCacheClient):
    """Django's Redis client at the gate's servers, whatever kind they are."""

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return reached().client

    def get_many(self, keys: Any) -> Any:
        """What is there, of those servers that answer."""
        keys, found = list(keys), {}
        for name, positions in reached().by_node(keys).items():
            wanted = [keys[position] for position in positions]
            try:
                found.update(reached().on_node(name, lambda wanted=wanted: self._read(wanted)))  # type: ignore[misc]
            except GateDown:
                continue
        return found

    def _read(self, keys: list[str]) -> dict[str, Any]:
        if not reached().is_cluster:
            return super().get_many(keys)  # type: ignore[return-value]
        found = zip(keys, reached().client.mget_nonatomic(keys), strict=True)
        loads = self._serializer.loads  # type: ignore[attr-defined]
        return {key: loads(value) for key, value in found if value is not None}


class SharedCache(RedisCache):
    """Reads find nothing and writes do nothing at a server that does not answer; it is looked for again by itself."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client

    def _try(self, key: str, version: int | None, call: Callable[[], Any], otherwise: Any) -> Any:
        try:
            return reached().guarded(self.make_key(key, version), call)
        except GateDown:
            return otherwise

    @property
    def is_down(self) -> bool:
        """True if a try failed less than a second ago: what was read meanwhile is not to be trusted."""
        return reached().has_failed_within(1)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._try(key, version, lambda: super(SharedCache, self).add(key, value, timeout, version), True))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._try(key, version, lambda: super(SharedCache, self).get(key, default, version), default)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._try(key, version, lambda: super(SharedCache, self).set(key, value, timeout, version), None)

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._try(key, version, lambda: super(SharedCache, self).delete(key, version), False))

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        for key in keys:
            self.delete(key, version)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        try:
            return super().get_many(keys, version)
        except GateDown:
            return {}

    def set_many(
        self, data: Mapping[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[str]:
        for key, value in data.items():
            self.set(key, value, timeout, version)
        return []

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return int(self._try(key, version, lambda: super(SharedCache, self).incr(key, delta, version), 0))

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(self._try(key, version, lambda: super(SharedCache, self).has_key(key, version), False))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._try(key, version, lambda: super(SharedCache, self).touch(key, timeout, version), False))
