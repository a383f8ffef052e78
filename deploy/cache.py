"""The shared cache in Redis. When Redis is gone it forgets instead of failing: nothing in it is the only copy."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

import redis
from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

log = logging.getLogger(__name__)


class _Client(RedisCacheClient):
    """Django's Redis client with a waiting pool, short time-outs, and Redis Cluster when the installation has one."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **options)
        gate = settings.GATE
        timeouts = {"socket_timeout": gate["timeout"], "socket_connect_timeout": gate["timeout"]}
        if gate["cluster"]:
            self._shared: Any = redis.RedisCluster.from_url(servers[0], **timeouts)
        else:
            pool = redis.BlockingConnectionPool.from_url(
                servers[0], max_connections=gate["connections"], timeout=gate["timeout"], **timeouts
            )
            self._shared = redis.Redis(connection_pool=pool)

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return self._shared

    def get_many(self, keys: Any) -> Any:
        if settings.GATE["cluster"]:
            keys = list(keys)
            found = zip(keys, self._shared.mget_nonatomic(keys), strict=True)
            loads = self._serializer.loads  # type: ignore[attr-defined]
            return {key: loads(value) for key, value in found if value is not None}
        return super().get_many(keys)


class SharedCache(RedisCache):
    """Reads find nothing and writes do nothing while Redis does not answer; one try a second looks again."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
        self._gone_until = 0.0

    def _try(self, call: Callable[[], Any], otherwise: Any) -> Any:
        if time.monotonic() < self._gone_until:
            return otherwise
        try:
            return call()
        except redis.RedisError as error:
            self._gone_until = time.monotonic() + 1
            log.warning("The cache does not answer: %s", type(error).__name__)
            return otherwise

    @property
    def is_down(self) -> bool:
        """True if the last try failed less than a second ago: what was read meanwhile is not to be trusted."""
        return time.monotonic() < self._gone_until

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._try(lambda: super(SharedCache, self).add(key, value, timeout, version), True))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._try(lambda: super(SharedCache, self).get(key, default, version), default)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._try(lambda: super(SharedCache, self).set(key, value, timeout, version), None)

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._try(lambda: super(SharedCache, self).delete(key, version), False))

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        return self._try(lambda: super(SharedCache, self).get_many(keys, version), {})  # type: ignore[no-any-return]

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return int(self._try(lambda: super(SharedCache, self).incr(key, delta, version), 0))

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(self._try(lambda: super(SharedCache, self).has_key(key, version), False))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._try(lambda: super(SharedCache, self).touch(key, timeout, version), False))
