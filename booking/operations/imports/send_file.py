"""Somebody sends a file, has it taken in, or drops it."""

from base64 import b64encode
from datetime import datetime
from pathlib import PurePath
from uuid import UUID

from django.db import transaction

from accounts.encryption import encrypt
from booking import enqueue
from booking.models import ImportRun, ImportState, InvitationList
from booking.operations.imports.read_file import form_of
from booking.operations.refusals import NotFound, WrongStatus

# Sealed as it came until its rows are read: nobody knows yet what is in it.
AS_IT_CAME = "importrun.file"
_LONGEST_NAME = 120


def send_file(
    *, kind: str, file_name: str, content: bytes, by: int, now: datetime, invitation_list: int | None = None
) -> ImportRun:
    """Have the file's rows checked by a job. Raises FileUnreadable at once for what is no table at all.

    People to invite belong to a list; other kinds have none.
    """
    form = form_of(content)
    name = "".join(sign for sign in PurePath(file_name.replace("\\", "/")).name if sign.isprintable())
    with transaction.atomic():
        run = ImportRun.objects.create(
            kind=kind,
            by_id=by,
            created_at=now,
            file_name=name[-_LONGEST_NAME:] or form,
            content=encrypt(b64encode(content).decode(), associated=AS_IT_CAME),
            encoding="",
            invitation_list_id=invitation_list,
        )
        enqueue.work_on_import(run.pk, now=now)
    return run


def take_in(*, run_id: UUID, by: int, whole: bool, now: datetime) -> ImportRun:
    """Have the good rows of a checked file taken in; with `whole` only if there are no others.

    Raises NotFound for somebody else's file, WrongStatus if it is not waiting for that, or if the list that its people
    would come into has been sent meanwhile.
    """
    with transaction.atomic():
        _keep_list_open(run_id)
        run = _own(run_id, by)
        if run.state != ImportState.CHECKED or (whole and run.summary["bad"]):
            raise WrongStatus(status=run.state)
        run.state = ImportState.RUNNING
        run.done = 0
        # Counted anew: what was true at the check need not be true any more.
        run.summary = {
            **run.summary,
            "checked": {what: run.summary[what] for what in ("new", "changed", "same", "bad")},
            **dict.fromkeys(("new", "changed", "same", "bad"), 0),
        }
        run.errors = []
        run.save(update_fields=["state", "done", "summary", "errors"])
        enqueue.work_on_import(run.pk, now=now)
    return run


def drop_file(*, run_id: UUID, by: int, now: datetime) -> ImportRun:
    """Take nothing in, and forget the file. Raises NotFound, and WrongStatus if taking in has begun."""
    with transaction.atomic():
        run = _own(run_id, by)
        if run.state == ImportState.DROPPED:
            return run
        if run.state not in (ImportState.CHECKING, ImportState.CHECKED):
            raise WrongStatus(status=run.state)
        run.state, run.content, run.finished_at = ImportState.DROPPED, None, now
        run.save(update_fields=["state", "content", "finished_at"])
    return run


def _keep_list_open(run_id: UUID) -> None:
    # The list before the file, as whoever sends it does.
    files = ImportRun.objects.filter(pk=run_id).values("invitation_list")
    there = InvitationList.objects.select_for_update(no_key=True).filter(pk__in=files).first()
    if there is not None and (there.sent_at or there.withdrawn_at):
        raise WrongStatus(status="sent")


def _own(run_id: UUID, by: int) -> ImportRun:
    run = ImportRun.objects.select_for_update(of=("self",)).filter(pk=run_id, by_id=by).first()
    if run is None:
        raise NotFound(what="import")
    return run
