"""What gives the workers something to do: `python -m tests.faults.job_work plan | cancel FILE`; prints JSON."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.utils import timezone

from accounts.models import User
from booking.models import Appointment, ChangeKind, Programme, Vaccine, WithAppointments
from booking.operations.cancel import cancel
from booking.operations.quotas.apply_change import start_change
from booking.operations.quotas.preview_change import preview_change
from sites.models import Site

_DAYS = 21


def plan() -> dict[str, object]:
    """Three weeks of slots at every site, for a programme of its own: previewed, and its carrying out asked for."""
    programme = Programme.objects.create(
        code="plan", name="流感", name_en="Influenza", vaccine=Vaccine.objects.first(), is_active=True
    )
    steward = User.objects.create(username="steward")
    first = timezone.localdate() + timedelta(days=1)
    hours = [("08:00", "11:30"), ("14:00", "17:30")]
    params = {
        "programme": programme.pk, "plan": 1, "plan_name": "plan", "overwrite": False, "skip": [], "as_weekday": {},
        "sessions": [[day, begins, ends, 30, 20] for day in range(1, 8) for begins, ends in hours],
        "walk_in_percent": 10, "community_percent": 5, "first": first.isoformat(),
        "last": (first + timedelta(days=_DAYS - 1)).isoformat(),
    }  # fmt: skip
    now = timezone.now()
    sites = list(Site.objects.values_list("pk", flat=True))
    change = preview_change(kind=ChangeKind.PLAN, site_ids=sites, params=params, reason="", by=steward.pk, now=now)
    start_change(change_id=change.pk, appointments=WithAppointments.KEEP, reason="", by=steward.pk, now=now)
    return {"programme": programme.pk, "slots": change.summary["counts"]["create"]}


def give_up(references: list[str]) -> int:
    """Cancel these appointments, each by its own account."""
    for one in Appointment.objects.filter(reference__in=references):
        cancel(account_id=one.booked_by_id, reference=one.reference, now=timezone.now())
    return len(references)


if __name__ == "__main__":
    done = plan() if sys.argv[1] == "plan" else give_up(json.loads(Path(sys.argv[2]).read_text()))
    sys.stdout.write(json.dumps(done))
