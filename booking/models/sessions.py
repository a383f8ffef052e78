"""This process's sessions with the ledger: given back before waiting, opened anew after one is lost."""

import time
from typing import Any

from django.db import connection

_RENEW_SECONDS = 0.5


def let_go() -> None:
    """Give this thread's connection back to the pool, unless a transaction is open on it.

    For whoever is about to wait for others: they may need just that connection.
    """
    if connection.connection is not None and not connection.in_atomic_block:
        connection.close()


def open_pool() -> Any:
    """This process's pool of connections; None if it has none yet. Django's `connection.pool` would open one."""
    return connection._connection_pools.get(connection.alias)  # type: ignore[attr-defined]


# When this process last renewed its sessions: everybody notices at the same time that they are gone.
_renewed_at = 0.0


def renew() -> None:
    """After a lost session: have the others that this process keeps opened anew, for they lead to the same server."""
    global _renewed_at
    if connection.in_atomic_block:
        return
    connection.close()
    pool = open_pool()
    if pool is not None and time.monotonic() - _renewed_at > _RENEW_SECONDS:
        _renewed_at = time.monotonic()
        pool.drain()
