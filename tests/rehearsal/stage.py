"""A small rehearsal against this test's own web server: people who hardly think, over in seconds."""

from dataclasses import replace
from pathlib import Path

from django.apps import apps
from django.db import connection

from booking.rehearsal.conduct import Course, Plan, conduct
from booking.rehearsal.curves import SCARCE, Curve
from booking.rehearsal.targets import target_of
from tests.factories import make_site

HASTY = Curve(
    "hasty", places_a_person=0.5, early=0.3, course=SCARCE.course, reload=(0.1, 0.3), impatience=4, impatient=0.0,
    tries=3, gives_up=20, think=(0.01, 0.05), cancels=0.1, moves=0.1, minutes=1,
)  # fmt: skip


def make_sites(count: int) -> None:
    """Sites of one district that each do ten people in half an hour."""
    for _ in range(count):
        make_site(quota_per_half_hour=10)


def rehearse(
    address: str, folder: Path, *, people: int = 200, places: int = 100, gives_up: float = HASTY.gives_up, **fields
) -> Course:
    """Conduct it for three seconds; what it made is still there afterwards."""
    plan = Plan(
        people=people, curve=replace(HASTY, gives_up=gives_up), minutes=0.05, seed=5, places=places,
        targets=[target_of(address)], folder=folder, connections=40, **fields,
    )  # fmt: skip
    return conduct(plan, say=lambda sentence: None, progress=lambda at: None)


def rows_of_every_table() -> dict[str, int]:
    """How many rows each table has."""
    tables = sorted(model._meta.db_table for model in apps.get_models(include_auto_created=True))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables))
        return dict(cursor.fetchall())
