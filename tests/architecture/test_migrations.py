"""Every change of the tables can be made while the release before it books."""

from collections.abc import Callable

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from deploy.migrations import unsafe

# What was there before the first city ran.
BEFORE = {"accounts": 10, "booking": 8, "sites": 2}


def _migration(*made: Operation, **marks: bool) -> Migration:
    migration = Migration("0099_tried", "booking")
    migration.operations = list(made)
    for name, value in marks.items():
        setattr(migration, name, value)
    return migration


def test_every_migration_is_safe_beside_the_release_before_it() -> None:
    found = MigrationLoader(None).disk_migrations
    added = [one for (app, name), one in found.items() if app in BEFORE and int(name[:4]) > BEFORE[app]]

    assert [reason for migration in added for reason in unsafe(migration)] == []


INDEX = models.Index(fields=["quota"], name="tried")


@pytest.mark.parametrize(
    "make",
    [
        lambda: operations.RemoveField("slot", "quota"),
        lambda: operations.RenameField("slot", "quota", "places"),
        lambda: operations.AlterField("slot", "quota", models.BigIntegerField()),
        lambda: operations.DeleteModel("Slot"),
        lambda: operations.AddIndex("slot", INDEX),
        lambda: operations.AddConstraint("slot", models.UniqueConstraint(fields=["quota"], name="tried")),
        lambda: operations.AddField("slot", "colour", models.CharField(max_length=9, default="red")),
        lambda: operations.RunSQL("ALTER TABLE booking_slot ALTER quota TYPE bigint"),
    ],
)
def test_what_the_release_before_would_feel_is_refused(make: Callable[[], Operation]) -> None:
    assert len(unsafe(_migration(make()))) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: operations.AddField("slot", "colour", models.CharField(max_length=9, null=True)),
        lambda: operations.AddField("slot", "colour", models.CharField(max_length=9, db_default="red")),
        lambda: AddIndexConcurrently("slot", INDEX),
    ],
)
def test_what_is_only_added_is_safe(make: Callable[[], Operation]) -> None:
    assert unsafe(_migration(make())) == []


def test_a_table_of_its_own_may_have_anything() -> None:
    table = operations.CreateModel("Colour", [("quota", models.IntegerField())])

    assert unsafe(_migration(table, operations.AddIndex("colour", INDEX))) == []


def test_what_nobody_uses_any_more_may_go() -> None:
    assert unsafe(_migration(operations.RemoveField("slot", "quota"), contracts=True)) == []
    assert unsafe(_migration(operations.RunSQL("SELECT 1"), is_safe_beside_the_release_before=True)) == []
