"""Changes of the tables while the city books: which are safe beside the code that still runs, and how they are made."""

import logging
import time
from collections.abc import Iterator, Sequence

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

log = logging.getLogger(__name__)

# A change waits this long for its lock, with everybody else behind it, then lets them go on and tries again.
_LOCK_TIMEOUT = "2s"
_TRIES, _PAUSE_SECONDS = 60, 1.0

_NEVER: tuple[tuple[type[Operation], str], ...] = (
    (operations.RenameField, "the code that runs asks for the old name: add, copy, and remove in a later release"),
    (operations.RenameModel, "the code that runs asks for the old name: add, copy, and remove in a later release"),
    (operations.AlterModelTable, "the code that runs asks for the old name"),
    (operations.AlterField, "it may rewrite or check the whole table under a lock: add a new column instead"),
    (operations.AlterUniqueTogether, "its index is made under a lock: AddIndexConcurrently, then the constraint"),
)
_ONLY_LATER: tuple[type[Operation], ...] = (
    operations.RemoveField,
    operations.DeleteModel,
    operations.RemoveConstraint,
    operations.RemoveIndex,
)
_IN_NEW_TABLES_ONLY = (operations.AddIndex, operations.AddConstraint)


def unsafe(migration: Migration) -> list[str]:
    """What of the migration may not be done while the release before it runs, each with what to do instead.

    A migration with `contracts = True` takes away what no running release uses any more; one with
    `is_safe_beside_the_release_before = True` was looked at by a person.
    """
    if getattr(migration, "is_safe_beside_the_release_before", False):
        return []
    new = {one.name_lower for one in migration.operations if isinstance(one, operations.CreateModel)}
    contracts = getattr(migration, "contracts", False)
    return [
        f"{migration.app_label}.{migration.name}: {one.describe()}: {reason}"
        for one in migration.operations
        for reason in _reasons(one, new, contracts)
    ]


def _reasons(one: Operation, new: set[str], contracts: bool) -> Iterator[str]:
    model = str(getattr(one, "model_name_lower", ""))
    if model in new:
        return
    yield from (reason for kind, reason in _NEVER if isinstance(one, kind))
    if isinstance(one, _ONLY_LATER) and not contracts:
        yield "the release before this one may still use it: leave it, and take it away in the next (contracts = True)"
    # The concurrent kinds are subclasses of the plain ones.
    if isinstance(one, _IN_NEW_TABLES_ONLY) and not type(one).__name__.endswith(("Concurrently", "NotValid")):
        yield "made under a lock: AddIndexConcurrently, or AddConstraintNotValid and ValidateConstraint, atomic = False"
    if isinstance(one, operations.AddField) and not _is_optional(one):
        yield "rows of the release before it come without this column: null=True, or a db_default"
    if isinstance(one, operations.RunSQL):
        yield "nobody but a person can tell: is_safe_beside_the_release_before = True once somebody has looked"


def _is_optional(adding: operations.AddField) -> bool:
    field = adding.field
    if field.many_to_many:
        return True
    return bool(field.null) or getattr(field, "db_default", NOT_PROVIDED) is not NOT_PROVIDED


def pending() -> Sequence[Migration]:
    """The migrations of this release that the ledger does not have, in their order."""
    executor = MigrationExecutor(connection)
    return [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def migrate_patiently() -> None:
    """Carry out what is pending without holding anybody up; raises OperationalError if a lock is never to be had."""
    for attempt in range(1, _TRIES + 1):
        try:
            with connection.cursor() as cursor:
                # An index of a large table may take its time; it is the wait for a lock that others feel.
                cursor.execute("SELECT set_config('statement_timeout', '0', false)")
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [_LOCK_TIMEOUT])
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            if "lock timeout" not in str(error) or attempt == _TRIES:
                raise
            log.warning("A table is in use; trying again.")
            connection.close()
            time.sleep(_PAUSE_SECONDS)
        else:
            return
