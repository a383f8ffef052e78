"""Takes everything away that a rehearsal made: at its end, or after a crash."""

import contextlib
import json
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.signing import BadSignature
from django.db import IntegrityError, connection, models, transaction
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from accounts.models import Patient, User
from booking import admission
from booking.admission import GateDown
from booking.enqueue import RELEASE_PLACES, SEND_MESSAGES
from booking.models import Programme, Slot, SlotEvent, Vaccine
from booking.queries.availability import forget_site
from booking.queries.programmes import forget_programmes
from booking.rehearsal.ground import CODE
from booking.rehearsal.marked import USERNAME

_PORTION = 5000
_TRIES, _PAUSE = 20, 3.0


@dataclass(slots=True)
class Cleaned:
    """How many rows of which table went, and how many slots at the gate."""

    rows: dict[str, int] = field(default_factory=dict)
    slots_at_gate: int = 0
    # The gate did not answer: what it has goes by itself, two days after the slots.
    gate_answers: bool = True


def clean() -> Cleaned:
    """Remove citizens, slots, appointments, events, messages, jobs and gate keys of rehearsals. Twice does no harm."""
    done = Cleaned()
    slots = list(Slot.objects.filter(programme__code=CODE).values_list("pk", flat=True))
    sites = set(Slot.objects.filter(programme__code=CODE).values_list("site_id", flat=True))
    patients = list(Patient.objects.filter(user__username__startswith=USERNAME).values_list("pk", flat=True))
    began = SlotEvent.objects.filter(slot__in=slots).aggregate(first=models.Min("at"))["first"]
    _remove_all(done, began)
    try:
        for slot_id in slots:
            admission.forget(slot_id)
        for start in range(0, len(patients), _PORTION):
            admission.forget_holds([str(patient) for patient in patients[start : start + _PORTION]])
        done.slots_at_gate = len(slots)
    except GateDown:
        done.gate_answers = False
    forget_programmes()
    for site_id in sites:
        forget_site(site_id)
    return done


def _remove_all(done: Cleaned, began: datetime | None) -> None:
    for tried in range(_TRIES):
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    # Taking a city's rehearsal away is one long act and not a request.
                    cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
                _remove_rows(done)
                if began is not None:
                    done.rows[OrmQ._meta.db_table] = _remove_jobs(began)
            return
        except IntegrityError:
            # Requests whose people have left are still being carried out, and add rows.
            done.rows.clear()
            if tried == _TRIES - 1:
                raise
            time.sleep(_PAUSE)


# --- Rows -------------------------------------------------------------------------------------------------------------


def _remove_rows(done: Cleaned) -> None:
    with connection.cursor() as cursor:
        guarded = _guarded_tables()
        for table in guarded:
            # History is only added to. This is no history: it never happened, and whoever made it up removes it.
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER only_added")
        for model, where in (
            (Programme, f"code = '{CODE}'"),
            (User, f"starts_with(username, '{USERNAME}')"),
            (Vaccine, f"code = '{CODE}'"),
        ):
            _remove(model, where, (), done)
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER only_added")


def _guarded_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'only_added' ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def _remove(
    model: type[models.Model], where: str, path: tuple[type[models.Model], ...], done: Cleaned
) -> None:  # fmt: skip
    """Remove these rows, those that refer to them first, whatever tables there will be."""
    table, key = model._meta.db_table, model._meta.pk.column  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table} WHERE {where})")
        if not cursor.fetchone()[0]:
            return
        for relation in model._meta.get_fields(include_hidden=True):
            if isinstance(relation, models.ManyToOneRel) and relation.related_model not in (*path, model):
                inside = f"{relation.field.column} IN (SELECT {key} FROM {table} WHERE {where})"
                _remove(relation.related_model, inside, (*path, model), done)  # type: ignore[arg-type]
        cursor.execute(f"DELETE FROM {table} WHERE {where}")
        done.rows[table] = done.rows.get(table, 0) + cursor.rowcount


# --- Jobs -------------------------------------------------------------------------------------------------------------


def _remove_jobs(began: datetime) -> int:
    """What bookings and cancellations have put into the queue since. Schedules do the same each minute anyway."""
    ours = []
    for job in OrmQ.objects.filter(lock__gte=began - timedelta(minutes=1)).iterator():
        with contextlib.suppress(BadSignature, ValueError, KeyError, json.JSONDecodeError):
            said = SignedPackage.loads(job.payload)
            if said["func"] in (SEND_MESSAGES, RELEASE_PLACES) and said["started"] >= began:
                ours.append(job.pk)
    return OrmQ.objects.filter(pk__in=ours).delete()[0]
