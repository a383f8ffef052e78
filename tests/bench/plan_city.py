"""The district's plan of a bench: `python -m tests.bench.plan_city look` or `… apply CHANGE`; prints JSON."""

import json
import sys
import time
from datetime import timedelta
from uuid import UUID

import django

django.setup()

from django.utils import timezone

from accounts.models import User
from booking.models import ChangeKind, Programme, QuotaChange, Slot, Vaccine, WithAppointments
from booking.operations.quotas.apply_change import carry_on, start_change
from booking.operations.quotas.preview_change import preview_change
from sites.models import District, Site

SITES, DAYS = 298, 28


def look() -> dict[str, object]:
    """298 sites, 28 days, 14 half hours a day, for a programme of its own: previewed, not applied."""
    number = Programme.objects.filter(code__startswith="plan-").count()
    programme = Programme.objects.create(
        code=f"plan-{number}", name="流感", name_en="Influenza", vaccine=Vaccine.objects.first()
    )
    steward, _ = User.objects.get_or_create(username="steward")
    district = District.objects.first()
    if not Site.objects.filter(code__startswith="P").exists():
        Site.objects.bulk_create(
            Site(
                code=f"P{n:04}", name=f"接种点 {n}", district=district, street="文艺路街道", longitude=113,
                latitude=28.2, quota_per_half_hour=10 + n % 20,
            )
            for n in range(SITES)
        )  # fmt: skip
    first = timezone.localdate() + timedelta(days=1)
    hours = [("08:00", "11:30"), ("14:00", "17:30")]
    params = {
        "programme": programme.pk, "plan": 1, "plan_name": "plan", "overwrite": False, "skip": [], "as_weekday": {},
        "sessions": [[day, begins, ends, 30, None] for day in range(1, 8) for begins, ends in hours],
        "walk_in_percent": 10, "community_percent": 5, "first": first.isoformat(),
        "last": (first + timedelta(days=DAYS - 1)).isoformat(),
    }  # fmt: skip
    sites = list(Site.objects.filter(code__startswith="P").values_list("pk", flat=True))
    began = time.perf_counter()
    change = preview_change(
        kind=ChangeKind.PLAN, site_ids=sites, params=params, reason="", by=steward.pk, now=timezone.now()
    )
    seconds = time.perf_counter() - began
    return {"change": str(change.pk), "seconds": seconds, "slots": change.summary["counts"]["create"]}


def apply(change_id: str) -> dict[str, object]:
    """Carried out as the job does it, turn after turn."""
    change = QuotaChange.objects.get(pk=UUID(change_id))
    began = time.perf_counter()
    start_change(
        change_id=change.pk, appointments=WithAppointments.KEEP, reason="", by=change.by_id, now=timezone.now()
    )
    while carry_on(change_id=change.pk, now=timezone.now()):
        pass
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "slots": Slot.objects.filter(programme=change.params["programme"]).count()}


json.dump(look() if sys.argv[1] == "look" else apply(sys.argv[2]), sys.stdout)
