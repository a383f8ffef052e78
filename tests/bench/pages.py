"""What the administrators' pages cost with a whole city behind them: `make bench ARGS="--pages"`.

The second half of this file runs inside the installation: `python -m tests.bench.pages RUNS`, which prints JSON.
"""

import json
import statistics
import sys
import time
from datetime import timedelta
from typing import Any

from tests.bench.installation import Installation

APPOINTMENTS = 1_000_000
MOST_STATEMENTS, MOST_MILLISECONDS = 12, 400


def measure(city: Installation, runs: int) -> tuple[list[str], bool]:
    """The figures as lines, and whether every page kept to both targets."""
    city.script("tests.bench.city", str(APPOINTMENTS))
    found: list[dict[str, Any]] = city.script("tests.bench.pages", str(runs))
    lines = [f"{'page, with a million appointments':<76}{'statements':>11}{'median ms':>11}"]
    all_met = True
    for page in found:
        met = page["statements"] <= MOST_STATEMENTS and page["ms"] <= MOST_MILLISECONDS and page["status"] == 200
        verdict = "" if met else f"  NOT MET ({page['status']})"
        lines.append(f"{page['who']:<10}{page['path']:<66}{page['statements']:>11}{page['ms']:>11.0f}{verdict}")
        all_met = all_met and met
    return lines, all_met


def _inside(runs: int) -> list[dict[str, Any]]:
    import django

    django.setup()

    from django.contrib import admin
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse
    from django.utils import timezone

    from accounts.models import User
    from booking.models import HourFigure
    from booking.operations.count_figures import count_figures
    from sites.models import AdminRole, Site
    from tests.factories import make_administrator, sign_in

    # A night's jobs have run.
    count_figures(now=timezone.now())
    site = Site.objects.filter(district="430104").first()
    assert site is not None
    lists = [m for m in admin.site._registry if m is not HourFigure]
    today = timezone.localdate()
    span = f"first={today}&last={today + timedelta(days=27)}"
    paths = [
        "/admin/",
        *(reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in lists),
        f"/admin/booking/slot/calendar/?site={site.code}&first={today}",
        f"/admin/booking/slot/calendar/?district=430104&first={today}",
        f"/admin/booking/hourfigure/heatmap/?by=site&{span}",
        f"/admin/booking/hourfigure/heatmap/?by=hour&{span}",
        "/admin/booking/hourfigure/trends/",
        "/admin/booking/releaserule/timeline/",
        "/admin/booking/releaserule/dry-run/",
    ]
    actors = {
        "superuser": User.objects.create(username="administrator", is_staff=True, is_superuser=True),
        "district": make_administrator(AdminRole.DISTRICT, district=site.district),
        "site": make_administrator(AdminRole.SITE, site=site),
    }
    found = []
    for who, user in actors.items():
        client = Client(headers={"host": "localhost"})
        sign_in(client, user)
        for path in paths:
            if client.get(path).status_code == 403:
                # Not a page of this office.
                continue
            times = []
            for _ in range(runs):
                started = time.perf_counter()
                answer = client.get(path)
                times.append((time.perf_counter() - started) * 1000)
            with CaptureQueriesContext(connection) as statements:
                client.get(path)
            found.append(
                {
                    "who": who,
                    "path": path,
                    "status": answer.status_code,
                    "statements": len(statements),
                    "ms": statistics.median(times),
                }
            )
    return found


if __name__ == "__main__":
    json.dump(_inside(int(sys.argv[1])), sys.stdout)
