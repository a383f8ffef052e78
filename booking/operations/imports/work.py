"""The job of an uploaded file: reads it, checks its rows, and takes them in when somebody said so."""

from base64 import b64decode
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.utils import translation

from accounts.encryption import decrypt
from accounts.masking import masked_number
from booking import enqueue
from booking.models import ImportRun, ImportState
from booking.operations.imports.known import sender_scope
from booking.operations.imports.read_file import read_file
from booking.operations.imports.send_file import AS_IT_CAME
from booking.operations.imports.table import Table
from booking.operations.imports.take_invitations import TakingInvitations
from booking.operations.imports.take_outside_doses import TakingOutsideDoses
from booking.operations.imports.take_plans import TakingPlans
from booking.operations.imports.take_sites import TakingSites
from booking.operations.imports.take_staff import TakingStaff
from booking.operations.imports.taking import Taken, Taking
from booking.operations.refusals import FileUnreadable
from booking.queries.sheets.kinds import COMING_IN
from sites.queries import forget_sites

TAKERS: dict[str, type[Taking]] = {
    "sites": TakingSites,
    "staff": TakingStaff,
    "plans": TakingPlans,
    "invitations": TakingInvitations,
    "outside": TakingOutsideDoses,
}
AT_ONCE = 250
SHOWN = 50
# More than anybody mends by hand; all are counted.
MOST_ERRORS = 2000
MOST_BEFORE = 2000
_WHAT = {"new": "new", "update": "changed", "skip": "same", "invalid": "bad"}
_LONGEST_VALUE = 80
# Columns of people's numbers: never more than the end is shown.
_NUMBERS = ("document_number", "phone")
_TRIES = 3


def work_on_import(*, run_id: UUID, now: datetime, seconds: float = 3.0) -> None:
    """Check or take in rows for some seconds; what is left goes back into the queue.

    Each slice of rows is one transaction together with the count of rows done, so that a job that was killed, or runs
    twice, goes on where the last slice ended.
    """
    run = ImportRun.objects.select_related("by").filter(pk=run_id).first()
    if run is None or run.state not in (ImportState.CHECKING, ImportState.RUNNING) or run.content is None:
        return
    with translation.override(run.by.language):
        if not run.encoding and not _read(run):
            return
        table = Table.opened(run.content)
        taking = TAKERS[run.kind](table, sender_scope(run), run)
        taking.now = now
        until = monotonic() + seconds
        while _slice(run_id, table, taking, now=now):
            if monotonic() > until:
                enqueue.work_on_import(run_id, now=now)
                return


def _read(run: ImportRun) -> bool:
    content = b64decode(decrypt(bytes(run.content or b""), associated=AS_IT_CAME))
    fields: dict[str, Any]
    try:
        table, encoding = read_file(content, COMING_IN[run.kind]())
        fields = {
            "content": table.sealed(),
            "encoding": encoding,
            "total": len(table.rows),
            "summary": {
                "new": 0, "changed": 0, "same": 0, "bad": 0,
                "columns": table.columns, "headings": table.headings, "left_out": table.left_out, "preview": [],
            },
        }  # fmt: skip
    except FileUnreadable as refusal:
        fields = {"state": ImportState.REFUSED, "content": None, "summary": {"refused": refusal.facts}}
    # Whoever dropped it meanwhile, or read it first, goes before.
    ours = ImportRun.objects.filter(pk=run.pk, state=ImportState.CHECKING, encoding="")
    done = ours.exclude(content=None).update(**fields)
    for name, value in fields.items():
        setattr(run, name, value)
    return bool(done) and run.state == ImportState.CHECKING


def _slice(run_id: UUID, table: Table, taking: Taking, *, now: datetime) -> bool:
    """Some rows; whether there are more. What somebody else adds or holds at the same moment is looked at again."""
    for _ in range(_TRIES - 1):
        with suppress(IntegrityError, OperationalError):
            return _slice_once(run_id, table, taking, now=now)
    return _slice_once(run_id, table, taking, now=now)


def _slice_once(run_id: UUID, table: Table, taking: Taking, *, now: datetime) -> bool:
    taking.create_instances.clear()
    taking.update_instances.clear()
    with transaction.atomic():
        # Whoever has the row works on it; a second job has nothing to do.
        run = ImportRun.objects.select_for_update(skip_locked=True).defer("content").filter(pk=run_id).first()
        if run is None or run.state not in (ImportState.CHECKING, ImportState.RUNNING):
            return False
        rows = table.rows[run.done : run.done + AT_ONCE]
        results = taking.take(rows, dry_run=run.state == ImportState.CHECKING)
        for (number, cells), result in zip(rows, results, strict=True):
            _note(run, number, dict(zip(table.columns, cells, strict=True)), result)
        run.done += len(rows)
        fields = ["done", "summary", "errors"]
        if run.done >= len(table.rows):
            fields += _finish(run, table, now=now)
        run.save(update_fields=fields)
    return run.done < len(table.rows)


def _finish(run: ImportRun, table: Table, *, now: datetime) -> list[str]:
    if run.state == ImportState.CHECKING:
        run.state = ImportState.CHECKED
        return ["state"]
    run.state, run.finished_at = ImportState.DONE, now
    # Only what still has to be mended stays, until tomorrow.
    bad = {error["row"] for error in run.errors}
    run.content = table.only(bad).sealed() if bad else None
    if run.kind == "sites":
        transaction.on_commit(forget_sites)
    return ["state", "finished_at", "content"]


def _note(run: ImportRun, number: int, row: dict[str, str], result: Taken) -> None:
    what = _WHAT[result.import_type]
    summary = run.summary
    summary[what] += 1
    if what == "bad":
        _note_errors(run, number, row, result.validation_error)
    if run.state == ImportState.CHECKING:
        if len(summary["preview"]) < SHOWN:
            summary["preview"].append(_shown(run.kind, number, what, row, result))
    elif (
        what == "changed"
        and not COMING_IN[run.kind].is_personal
        and len(before := summary.setdefault("before", [])) < MOST_BEFORE
    ):
        before.append([result.before[name] for name in row])


def _shown(kind: str, number: int, what: str, row: dict[str, str], result: Taken) -> dict[str, Any]:
    if what == "bad":
        cells = [[None, _fit(kind, name, value)] for name, value in row.items()]
    else:
        cells = [[result.before.get(name), result.after[name]] for name in row]
    return {"row": number, "what": what, "cells": cells}


def _note_errors(run: ImportRun, number: int, row: dict[str, str], found: ValidationError) -> None:
    # In the order of the file's columns; what has none comes last.
    for name in [*row, *sorted(set(found.error_dict) - set(row))]:
        for error in found.error_dict.get(name, ()):
            if len(run.errors) < MOST_ERRORS:
                limit = (error.params or {}).get("limit_value")
                facts = {"limit": limit} if limit is not None else error.params if error.code in _OURS else {}
                value = _fit(run.kind, name, row.get(name, ""))
                run.errors.append({"row": number, "field": name, "value": value, "reason": error.code, "facts": facts})


# Codes of rules.cells and of the kinds, whose facts are plain values.
_OURS = {"twice", "contradicts", "overlaps", "too_small", "too_large"}


def _fit(kind: str, name: str, value: str) -> str:
    value = value.strip()
    # Somebody may have written phones or document numbers where the account's name, or a language, belongs.
    is_personal = COMING_IN[kind].is_personal
    is_long = sum(sign.isdigit() for sign in value) >= 7
    if (is_personal and (is_long or name in _NUMBERS)) or (name == "account" and is_long):
        value = masked_number(value)
    return value[:_LONGEST_VALUE] + "…" if len(value) > _LONGEST_VALUE else value
