"""The quota plans and the release rule of the demonstration city: something to apply, and to look at."""

from collections.abc import Mapping
from datetime import time

from django.db import transaction

from booking.demo.programmes import HPV, INFLUENZA
from booking.demo.slots import RELEASE_TIME, SCARCE_RELEASE_DAYS
from booking.models import PlanSession, Programme, QuotaPlan, ReleaseRule

_MORNING, _AFTERNOON = (time(8, 30), time(12)), (time(14), time(17))
_WORKING_DAYS, _EVERY_DAY = range(1, 6), range(1, 8)


@transaction.atomic
def load_plans(programmes: Mapping[str, Programme]) -> None:
    """Add the plans and the rule where they are missing; those that exist are left as they are."""
    flu, hpv = programmes[INFLUENZA.code], programmes[HPV.code]
    # A fifth for walk-ins and a tenth for community workers: what Hong Kong kept back.
    _plan("flu-working-days", "流感·工作日", flu, _WORKING_DAYS, walk_in_percent=20, community_percent=10)
    _plan("flu-every-day", "流感·每天", flu, _EVERY_DAY, walk_in_percent=20, community_percent=10)
    if not ReleaseRule.objects.filter(programme=hpv).exists():
        # The rest four hours later, for those who cannot be there in the morning.
        ReleaseRule.objects.create(
            name="九价·全市", programme=hpv, opens=RELEASE_TIME, days_ahead=SCARCE_RELEASE_DAYS,
            portions=[[60, 0], [40, 240]],
        )  # fmt: skip


def _plan(code: str, name: str, programme: Programme, weekdays: range, **shares: int) -> None:
    plan, is_new = QuotaPlan.objects.get_or_create(
        code=code, defaults={"name": name, "programme": programme, **shares}
    )  # fmt: skip
    if is_new:
        PlanSession.objects.bulk_create(
            PlanSession(plan=plan, weekday=weekday, begins=begins, ends=ends)
            for weekday in weekdays
            for begins, ends in (_MORNING, _AFTERNOON)
        )
