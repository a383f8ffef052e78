"""A pooler between the application and the ledger, in transaction pooling."""

import time
from collections.abc import Callable
from typing import Any

from tests.bench.installation import Installation
from tests.faults.ledger_servers import number
from tests.faults.pgbouncer import PgBouncer
from tests.faults.rush import Rush, promises_hold

_SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'booking' AND pid <> pg_backend_pid()"


class Pooled(Installation):
    """Everything but migrations goes through PgBouncer."""

    def __enter__(self) -> "Pooled":
        super().__enter__()
        self.pooler = PgBouncer(self.folder / "pooler", self.ledger)
        self.pooler.start()
        self.environment |= {"DATABASE_URL": self.pooler.url, "DATABASE_POOLER": "1"}
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop_web()
        self.pooler.stop()
        super().__exit__(*exc)


def pooler_restarted(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """A rush through PgBouncer in transaction pooling, which is killed and started again in its middle."""
    assert isinstance(city, Pooled)
    with Rush(city, made["citizens"], made["slots"], seconds=12, connections=64) as rush:
        time.sleep(1.5)
        sessions = number(city.ledger, _SESSIONS)
        city.pooler.kill()
        stopped_at = time.monotonic()
        time.sleep(1)
        city.pooler.start()
        gone = time.monotonic() - stopped_at
    say(f"everybody shared {sessions} sessions at the ledger; PgBouncer was gone for {gone:.1f} s")
    promises_hold(city, rush, say)


CASES = (pooler_restarted,)
