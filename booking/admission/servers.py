"""How the servers that REDIS_URL names are reached: one server, a Sentinel group, or a Cluster.

    redis://:password@host:6379/0
    redis+sentinel://:password@host:26379,host:26379,host:26379/group/0?sentinel_password=other
    redis+cluster://:password@host:6379,host:6379,host:6379

With rediss in place of redis everything goes over TLS. What else redis-py reads import re
import re
from an address goes behind the `?`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode
from redis.connection import parse_url
from redis.retry import Retry
from redis.sentinel import (
    Sentinel,
    SentinelConnectionPoolProxy,
    SentinelManagedConnection,
    SentinelManagedSSLConnection,
)


@dataclass(frozen=True, slots=True)
class Servers:
    """What an address says. `kind` is empty for one server; `url` is how to speak to each of them, with any host."""

    kind: str
    url: str
    hosts: tuple[tuple[str, int], ...] = ()
    group: str = ""
    sentinel_secrets: tuple[str | None, str | None] = (None, None)


def servers_of(url: str) -> Servers:
    """Read an address of one of the forms above. Raises ValueError."""
    scheme, _, rest = url.partition("://")
    transport, _, kind = scheme.partition("+")
    if not kind:
        parse_url(url)
        return Servers("", url)
    if transport not in ("redis", "rediss") or kind not in ("sentinel", "cluster"):
        raise ValueError(f"{scheme}:// is none of redis://, redis+sentinel:// and redis+cluster://")
    # Python takes no list of hosts with an IPv6 address in it, so it is cut off first.
    where = re.split("[/?#]", rest, maxsplit=1)[0]
    parts = urlsplit(f"//hosts{rest[len(where) :]}")
    secrets, at, named = where.rpartition("@")
    path = [part for part in parts.path.split("/") if part]
    if kind == "sentinel" and not path:
        raise ValueError("the name of the group is missing: redis+sentinel://host:26379,host:26379/group")
    group = path.pop(0) if kind == "sentinel" else ""
    query = dict(parse_qsl(parts.query))
    sentinel_secrets = (query.pop("sentinel_username", None), query.pop("sentinel_password", None))
    hosts = tuple(_host(one, 26379 if kind == "sentinel" else 6379) for one in named.split(","))
    each = f"{transport}://{secrets}{at}{named.split(',')[0]}/{'/'.join(path)}?{urlencode(query)}"
    return Servers(kind, each, hosts, group, sentinel_secrets)


def _host(named: str, usual: int) -> tuple[str, int]:
    parts = urlsplit(f"//{named}")
    if not parts.hostname:
        raise ValueError(f"{named!r} is not host:port")
    return parts.hostname, parts.port or usual


def open_client(url: str, *, connections: int, timeout: float) -> Any:
    """A client of the servers, which finds the master by itself: redis.Redis, or a Cluster.

    Nothing is tried again inside: whoever meets a server that does not answer waits `timeout` seconds, once. Raises
    ValueError for an address that is none. A cluster's client connects at once, and raises what redis-py does.
    """
    servers = servers_of(url)
    # A pool that waits: one that refuses turns a surge into errors.
    waits: dict[str, Any] = {"socket_timeout": timeout, "socket_connect_timeout": timeout}
    pooled = {**waits, "max_connections": connections, "timeout": timeout}
    if servers.kind == "cluster":
        return Cluster(servers, **pooled)
    if servers.kind == "sentinel":
        return redis.Redis(connection_pool=_MasterPool(servers, waits, **pooled))
    return redis.Redis(connection_pool=redis.BlockingConnectionPool.from_url(url, **pooled))


class _MasterPool(redis.BlockingConnectionPool):
    """Connections to whatever server the sentinels call the master when a connection is opened."""

    def __init__(self, servers: Servers, waits: dict[str, Any], **pooled: Any) -> None:
        options = {**parse_url(servers.url), **pooled}
        over_tls = options.pop("connection_class", None) is not None
        tls = {name: value for name, value in options.items() if name.startswith("ssl")}
        username, password = servers.sentinel_secrets
        asked = {"username": username, "password": password, "ssl": over_tls, **tls, **waits}
        sentinels = Sentinel(servers.hosts, sentinel_kwargs={**asked, "retry": Retry(NoBackoff(), 0)})
        for name in ("host", "port"):
            options.pop(name, None)
        self._master = SentinelConnectionPoolProxy(self, True, False, servers.group, sentinels)
        managed = SentinelManagedSSLConnection if over_tls else SentinelManagedConnection
        super().__init__(connection_class=managed, connection_pool=self._master, **options)

    def release(self, connection: Any) -> None:
        # Another caller may have found a new master meanwhile: the old one must not be asked again.
        if (connection.host, connection.port) != self._master.master_address:
            connection.disconnect()
        super().release(connection)


class Cluster(redis.RedisCluster):
    """redis-py's, which learns who has which keys only when `learn` is called, never in somebody's request.

    By itself it asks one node after the other as soon as one has failed, and everybody waits for that.
    """

    def __init__(self, servers: Servers, **pooled: Any) -> None:
        super().__init__(
            url=servers.url,
            startup_nodes=[ClusterNode(host, port) for host, port in servers.hosts[1:]],
            retry=Retry(NoBackoff(), 0),
            # What the other nodes have goes on.
            require_full_coverage=False,
            reinitialize_steps=0,
            connection_pool_class=redis.BlockingConnectionPool,
            **pooled,
        )
        self._initialize: Callable[..., None] = self.nodes_manager.initialize
        self.nodes_manager.initialize = lambda *_, **__: None  # type: ignore[method-assign]

    def learn(self) -> None:
        """Ask the nodes who has which keys now. Raises what redis-py does."""
        self._initialize(disconnect_startup_nodes_pools=False)
