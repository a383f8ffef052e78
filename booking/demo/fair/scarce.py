"""A programme that is sold out: a queue for its next release, people who wait, and accounts that look like touts'."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from accounts.models import Patient
from booking.demo.fair.crowd import Crowd, book
from booking.demo.fair.programmes import QUEUED
from booking.demo.fair.setting import Setting
from booking.models import (
    Appointment,
    AppointmentEvent,
    EventKind,
    Slot,
    Status,
    Suspicion,
    WaitlistEntry,
)
from booking.operations.freed_places.find_takers import Taker
from booking.operations.freed_places.make_offers import make_offers
from booking.operations.queues.plan import make_queue
from booking.operations.touts.appeal import appeal
from booking.operations.touts.judge import lock
from booking.operations.touts.notice import notice_bulk_accounts

_STARTS = (time(9), time(10), time(14), time(15))
_QUOTA = 2
_WAITING = 120
# Different people whom the two accounts have booked.
_BY_TOUTS = (22, 17)
_OPENS_IN, _FIVE = timedelta(minutes=20), timedelta(minutes=5)
_APPEAL = "我是社区网格员，这些号是替楼里没有手机的住户约的，他们都签了委托书。请恢复。"


def sell_out(setting: Setting, crowd: Crowd) -> None:
    """The days up to next week are full; of one place that was given up the citizen is asked whether she wants it."""
    slots = setting.publish(QUEUED.code, first=1, last=6, starts=_STARTS, quota=_QUOTA)
    places = [(slot, place) for slot in slots for place in range(1, slot.quota + 1)]
    touts = [woman for count in _BY_TOUTS for woman in crowd.on_one_list(count)][: len(places) // 2]
    # From all over, not one slot after the other.
    Random("places").shuffle(places)
    booked = book([*touts, *crowd.women(len(places) - len(touts))], places, at=setting.now - timedelta(days=1))
    citizen = _wait(setting, crowd)
    _offer(citizen, max(booked, key=lambda row: row.slot.starts_at), now=setting.now)


def _wait(setting: Setting, crowd: Crowd) -> WaitlistEntry:
    """Everybody's wish; hers is the first of the line."""
    chance, until = Random("waiting"), setting.today + timedelta(days=20)
    people: Sequence[Patient] = [setting.citizen, *crowd.women(_WAITING - 1)]
    entries = WaitlistEntry.objects.bulk_create(
        WaitlistEntry(
            account_id=patient.user_id,
            patient=patient,
            person=patient.person,
            programme=setting.programmes[QUEUED.code],
            days=[] if n == 0 or chance.random() < 0.6 else [6, 7],
            until=until,
            joined_at=setting.now - timedelta(days=6) + timedelta(minutes=60 * n),
        )
        for n, patient in enumerate(people)
    )
    through = WaitlistEntry.sites.through
    through.objects.bulk_create(
        through(waitlistentry_id=entry.pk, site_id=site.pk)
        for entry in entries[1:]
        for site in chance.sample(list(setting.sites), min(2, len(setting.sites)))
    )
    return entries[0]


def _offer(entry: WaitlistEntry, row: Appointment, *, now: datetime) -> None:
    row.status, row.cancelled_at, row.release_at = Status.CANCELLED, now - timedelta(minutes=15), now
    row.save(update_fields=["status", "cancelled_at", "release_at"])
    AppointmentEvent.objects.create(
        appointment=row, kind=EventKind.CANCELLED, at=row.cancelled_at, by_id=row.booked_by_id,
        facts={"slot": row.slot_id, "place": row.place},
    )  # fmt: skip
    slot: Slot = row.slot
    # At night nobody would be asked; whoever tries the city out at night is to see it all the same.
    make_offers([(Taker(entry, slot.pk, 1), [row])], {slot.pk: slot}, now=now)


def open_queue(setting: Setting) -> None:
    """The next release, about twenty minutes from now; people may stand in its queue at once."""
    soon = setting.now + _OPENS_IN
    opens_at = soon + (datetime.min.replace(tzinfo=soon.tzinfo) - soon) % _FIVE
    setting.publish(QUEUED.code, first=7, last=13, starts=_STARTS, quota=_QUOTA, opens_at=opens_at)
    make_queue(
        programme_id=setting.programmes[QUEUED.code].pk,
        lobby_from=setting.now - timedelta(minutes=1),
        opens_at=opens_at,
        ends_at=opens_at + timedelta(hours=1),
        people_a_minute=30,
        by=setting.administrator.pk,
        now=setting.now,
    )


def notice_touts(setting: Setting) -> None:
    """Two accounts are noticed as always; one of them was locked, and says why that is wrong."""
    notice_bulk_accounts(now=setting.now - timedelta(hours=3))
    worst = max(Suspicion.objects.all(), key=lambda row: int(row.evidence.get("people", 0)), default=None)
    if worst is None:
        return
    reason = "30 天内一个账号为很多不同的人约满了稀缺疫苗。"
    lock(suspicion_id=worst.pk, by=setting.administrator.pk, reason=reason, now=setting.now - timedelta(hours=2))
    appeal(account_id=worst.account_id, text=_APPEAL, now=setting.now - timedelta(minutes=40))
