"""The next people are asked about a leftover dose."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from booking import enqueue
from booking.models import LeftoverRound, Message, MessageKind, Offer, OfferState, WaitlistEntry
from booking.operations.waitlist.locked import promised
from booking.operations.waitlist.next_entries import next_entries
from booking.operations.waitlist.todays_slot import todays_slot
from booking.queries.bookables import bookables
from booking.queries.pause import open_pause
from booking.rules.eligibility import decide
from booking.rules.leftovers import answer_until, may_ask, to_offer

# So many more than are needed are looked at in one go: some may have grown out of the programme since they joined. Few,
# because another round that asks in this moment does without them.
_SPARE = 5


def offer_next(round_: LeftoverRound, *, now: datetime) -> int:
    """Ask as many people as there are doses that nobody has and nobody is being asked about; returns how many.

    In the caller's transaction, which has the round locked. Each is told by a message of the same transaction.
    """
    slot_id = todays_slot(round_.site_id, round_.programme_id, until=round_.until)
    if slot_id is None or open_pause() is not None:
        return 0
    if not may_ask(until=timezone.localtime(round_.until), now=timezone.localtime(now)):
        return 0
    asked = Offer.objects.filter(round=round_, state=OfferState.PENDING).count()
    free = to_offer(doses=round_.doses, promised=promised(round_), asked=asked)
    looked_at: set[UUID] = set()
    made = 0
    while made < free:
        entries = next_entries(round_, most=free - made + _SPARE, without=looked_at, now=now)
        if not entries:
            break
        looked_at.update(entry.pk for entry in entries)
        made += _make(round_, _eligible(entries, slot_id)[: free - made], now=now)
    if made:
        enqueue.send_messages(now=now)
    return made


def _eligible(entries: Sequence[WaitlistEntry], slot_id: int) -> list[WaitlistEntry]:
    found = bookables([(entry.patient_id, entry.account_id, slot_id) for entry in entries])
    return [
        entry
        for entry, bookable in zip(entries, found, strict=True)
        if bookable and decide(bookable.slot.rules, bookable.person, on=bookable.slot.day).dose is not None
    ]


def _make(round_: LeftoverRound, entries: Sequence[WaitlistEntry], *, now: datetime) -> int:
    until = answer_until(now=now, until=round_.until, minutes=settings.LEFTOVER_ANSWER_MINUTES)
    offers = [
        Offer(entry=entry, site_id=round_.site_id, round=round_, made_at=now, expires_at=until) for entry in entries
    ]
    # Another round may have asked one of them between our look and our lock: one_open_offer_per_entry.
    Offer.objects.bulk_create(offers, ignore_conflicts=True)
    there = set(Offer.objects.filter(pk__in=[offer.pk for offer in offers]).values_list("pk", flat=True))
    Message.objects.bulk_create(
        Message(
            key=f"{MessageKind.LEFTOVER_OFFERED}:{offer.pk}",
            kind=MessageKind.LEFTOVER_OFFERED,
            account_id=offer.entry.account_id,
            patient_id=offer.entry.patient_id,
            created_at=now,
            due_at=now,
        )
        for offer in offers
        if offer.pk in there
    )
    return len(there)
