"""Where the ledger is, and how a process speaks to it: what Django calls DATABASES."""

from typing import Any

from deploy import env

# What every session is told. Requests have to be quick, and nobody waits long for a lock.
SESSION = "-c statement_timeout=5000 -c lock_timeout=3000"
# A server that has gone without a word (a network cut, a machine switched off) counts as gone after some seconds; by
# themselves the connections to it would wait for a quarter of an hour.
_GONE: dict[str, Any] = {
    "connect_timeout": 3,
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
# Seconds. Whoever finds no connection is told to come back: a place in a group may wait twice as long. After a failure
# a pool tries again with the next request; by itself it would wait longer each time, up to minutes.
_PATIENCE = {"timeout": 2, "reconnect_timeout": 1}


def databases() -> dict[str, dict[str, Any]]:
    """The ledger, and its replica for reads that may be a little old where there is one."""
    pool = env.number("DATABASE_POOL", 6)
    found = {"default": _database("DATABASE_URL", pool, SESSION)}
    if env.optional("DATABASE_REPLICA_URL", ""):
        small = min(pool, env.number("DATABASE_REPLICA_POOL", 3))
        found["replica"] = _database("DATABASE_REPLICA_URL", small, f"{SESSION} -c default_transaction_read_only=on")
        # Tests make no database of their own for it.
        found["replica"]["TEST"] = {"MIRROR": "default"}
    return found


def _database(name: str, pool: int, session: str) -> dict[str, Any]:
    # Threads of a worker share a few connections; opening one costs more than a booking. A pool does not survive a
    # fork: processes that fork after using it (the jobs) must have 0, and keep one connection each.
    pooled = {"pool": {"min_size": 1, "max_size": pool, **_PATIENCE}} if pool else {}
    # A pooler between them gives each transaction another session: what a session is told, the pooler has to tell
    # (deploy/pgbouncer.ini), and neither a prepared statement nor a cursor outlives its transaction.
    pooler = env.flag("DATABASE_POOLER")
    address = env.database(name)
    return {
        **address,
        "CONN_HEALTH_CHECKS": not pool,
        "CONN_MAX_AGE": 0 if pool else 60,
        "DISABLE_SERVER_SIDE_CURSORS": pooler,
        "OPTIONS": {**_GONE, **address.get("OPTIONS", {}), **pooled, **({} if pooler else {"options": session})},
    }
