"""An installation for many runs, emptied each time, whose web workers reach ledger and gate through proxies.

The program that holds it speaks to both directly, with Django set up for it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.bench.installation import Installation
from tests.faults.dying import dying_installation
from tests.faults.proxy import Proxy

PEOPLE = 40


class ChanceCity(Installation):
    """`to_gate` and `to_ledger` are what the web workers have to pass."""

    to_gate: Proxy
    to_ledger: Proxy

    def __enter__(self) -> "ChanceCity":
        super().__enter__()
        os.environ.update(self.environment)
        self.to_gate, self.to_ledger = Proxy(self.gate.port).__enter__(), Proxy(self.ledger.port).__enter__()
        self.environment["REDIS_URL"] = self.gate.url().replace(f":{self.gate.port}/", f":{self.to_gate.port}/")
        self.environment["DATABASE_URL"] = self.ledger.url().replace(
            f":{self.ledger.port}/", f":{self.to_ledger.port}/"
        )
        # So that the ledger can tell their connections from everybody else's.
        self.environment["PGAPPNAME"] = "web"
        return self

    def __exit__(self, *exc: object) -> None:
        for proxy in (self.to_gate, self.to_ledger):
            proxy.pass_on()
        self.stop_web()
        for proxy in (self.to_gate, self.to_ledger):
            proxy.__exit__(*exc)
        super().__exit__(*exc)


@contextmanager
def chance_city() -> Iterator[ChanceCity]:
    """Started, with Django set up for it in this process and two workers; stopped on exit."""
    with dying_installation(lambda _: ChanceCity("tests.faults.chance.settings")) as city:
        import django

        django.setup()
        assert isinstance(city, ChanceCity)
        city.start_web("gevent")
        yield city


def make_people() -> list[tuple[str, str, int]]:
    """(token, patient, account) of everybody who takes part; they are there for all runs."""
    from django.utils import timezone

    from accounts.tokens import issue
    from tests.factories import make_patients

    now = timezone.now()
    return [(issue(one.user_id, now)[0], str(one.pk), one.user_id) for one in make_patients(PEOPLE)]


def begin(quotas: list[int], programme: Any, sites: list[Any]) -> list[int]:
    """Nobody has booked anything, and these slots are new; returns their ids."""
    from datetime import timedelta

    from django.utils import timezone

    from booking.admission.connection import connection as gate
    from booking.models import Slot
    from tests.emptying import empty_bookings

    empty_bookings()
    gate().client.flushall()
    starts_at = timezone.now() + timedelta(days=3)
    slots = Slot.objects.bulk_create(
        Slot(
            site=site, programme=programme, quota=quota, starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=30), opens_at=timezone.now() - timedelta(days=1),
        )
        for site, quota in zip(sites, quotas, strict=True)
    )  # fmt: skip
    return [slot.pk for slot in slots]
