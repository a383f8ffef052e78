"""Somebody enters a person into a draw, says otherwise where they would like to go, or withdraws."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from booking.models import Draw, DrawEntry, DrawOutcome, DrawState
from booking.operations.counted import counted
from booking.operations.draws.refusals import AlreadyEntered, NotEntering
from booking.operations.draws.wishes import Wish, checked
from booking.operations.refusals import NotFound
from booking.operations.releases.at_the_door import refuse_at_the_door
from booking.operations.releases.brought import NOTHING
from booking.queries.draw_entries import MyEntry, my_entry
from booking.rules.references import new_entry_code


@counted("enter_draw")
def enter(
    *,
    account_id: int,
    patient_id: UUID,
    draw_id: UUID,
    sites: Sequence[str] = (),
    days: Sequence[date] = (),
    any_site: bool = False,
    now: datetime,
) -> MyEntry:
    """Enter the patient: sites by their codes, the most wanted first; no days: any day of the draw.

    Days on which they may not have the dose are left out. A person is in a draw once, whichever account enters them.
    Raises NotFound, NotEntering, WishRefused, NotEligible, AlreadyBooked, AlreadyEntered, and what bars the
    account at the door of every release.
    """
    refuse_at_the_door(account_id=account_id, wishes=(), brought=NOTHING, now=now)
    wish = Wish(tuple(sites), tuple(days), any_site)
    draw = _find(draw_id)
    _refuse_unless_open(draw, now=now)
    accepted = checked(account_id, patient_id, draw, wish)
    try:
        with transaction.atomic():
            _keep_open(draw, now=now)
            # Somebody who was taken off another account's list is not in the draw by that account any more.
            DrawEntry.objects.filter(
                draw=draw, person=accepted.person, withdrawn_at=None, patient__removed_at__isnull=False
            ).update(withdrawn_at=now)
            entry = DrawEntry.objects.create(
                draw=draw,
                account_id=account_id,
                patient_id=patient_id,
                person=accepted.person,
                code=new_entry_code(),
                sites=list(accepted.wish.sites),
                days=list(accepted.wish.days),
                any_site=any_site,
                rounds_lost=_rounds_lost(draw, accepted.person),
                entered_at=now,
            )
    except IntegrityError:
        # one_entry_per_draw_and_person.
        raise _already_entered(draw_id, accepted.person, account_id) from None
    return _mine(account_id, entry.pk, now=now)


def change(
    *,
    account_id: int,
    entry_id: UUID,
    sites: Sequence[str] = (),
    days: Sequence[date] = (),
    any_site: bool = False,
    now: datetime,
) -> MyEntry:
    """Wish for something else, until the entries close. The code stays. Raises what `enter` raises."""
    entry, draw = _own(account_id, entry_id)
    _refuse_unless_open(draw, now=now, before_it_opens=True)
    wish = checked(account_id, entry.patient_id, draw, Wish(tuple(sites), tuple(days), any_site)).wish
    with transaction.atomic():
        _keep_open(draw, now=now, before_it_opens=True)
        changed = DrawEntry.objects.filter(pk=entry_id, withdrawn_at=None).update(
            sites=list(wish.sites), days=list(wish.days), any_site=any_site
        )
    if not changed:
        raise NotFound(what="entry")
    return _mine(account_id, entry_id, now=now)


def withdraw(*, account_id: int, entry_id: UUID, now: datetime) -> None:
    """Take the entry out of the draw, until the entries close; a second time changes nothing.

    Raises NotFound, NotEntering.
    """
    entry, draw = _own(account_id, entry_id)
    if entry.withdrawn_at is not None:
        return
    _refuse_unless_open(draw, now=now, before_it_opens=True)
    with transaction.atomic():
        _keep_open(draw, now=now, before_it_opens=True)
        DrawEntry.objects.filter(pk=entry_id, withdrawn_at=None).update(withdrawn_at=now)


def withdraw_everything(*, account_id: int, now: datetime) -> None:
    """Take the account's people out of every draw whose entries are not closed."""
    rows = DrawEntry.objects.filter(account_id=account_id, withdrawn_at=None, draw__state=DrawState.ANNOUNCED)
    rows.filter(draw__closes_at__gt=now).update(withdrawn_at=now)


def _find(draw_id: UUID) -> Draw:
    draw = Draw.objects.defer("seed").filter(pk=draw_id).first()
    if draw is None:
        raise NotFound(what="draw")
    return draw


def _own(account_id: int, entry_id: UUID) -> tuple[DrawEntry, Draw]:
    entry = DrawEntry.objects.filter(pk=entry_id, account_id=account_id).first()
    if entry is None:
        raise NotFound(what="entry")
    return entry, _find(entry.draw_id)


def _refuse_unless_open(draw: Draw, *, now: datetime, before_it_opens: bool = False) -> None:
    if draw.state == DrawState.CALLED_OFF:
        raise NotEntering(reason="called_off")
    if draw.state != DrawState.ANNOUNCED or draw.closes_at <= now:
        raise NotEntering(reason="over")
    # Whoever was carried over from the round before is in it before it opens, and may leave it then too.
    if now < draw.opens_at and not before_it_opens:
        raise NotEntering(reason="not_yet", from_time=draw.opens_at)


def _keep_open(draw: Draw, *, now: datetime, before_it_opens: bool = False) -> None:
    """Until the transaction ends nobody closes the draw: an entry is in the published list or it is refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM booking_draw WHERE id = %s FOR SHARE", [draw.pk])
    draw.refresh_from_db(fields=["state", "opens_at", "closes_at"])
    _refuse_unless_open(draw, now=now, before_it_opens=before_it_opens)


def _rounds_lost(draw: Draw, person: UUID) -> int:
    """Who lost the round before and did not come along by themselves has lost it all the same."""
    if draw.previous_id is None:
        return 0
    before = DrawEntry.objects.filter(draw_id=draw.previous_id, person=person, withdrawn_at=None)
    found = before.values_list("rounds_lost", "draw__state", "outcome").first()
    if found is None:
        return 0
    rounds, state, outcome = found
    if state == DrawState.CALLED_OFF:
        return int(rounds)
    return int(rounds) + 1 if outcome in (DrawOutcome.NOT_PLACED, DrawOutcome.SLOT_GONE) else 0


def _already_entered(draw_id: UUID, person: UUID, account_id: int) -> AlreadyEntered:
    own = DrawEntry.objects.filter(draw_id=draw_id, person=person, account_id=account_id, withdrawn_at=None)
    return AlreadyEntered(entry=own.values_list("pk", flat=True).first())


def _mine(account_id: int, entry_id: UUID, *, now: datetime) -> MyEntry:
    facts = my_entry(account_id, entry_id, now=now)
    assert facts is not None
    return facts
