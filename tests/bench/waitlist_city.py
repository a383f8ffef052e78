"""Full slots, and people who wait: `python -m tests.bench.waitlist_city CANCELLATIONS WAITING ACCEPTS`; prints JSON.

The clock is put to ten in the morning, because nobody is asked at night. The undo window is a few seconds long; one
worker process passes on what is due once a second, as the queue does.
"""

import json
import multiprocessing
import random
import statistics
import sys
import threading
import time
import uuid
from datetime import date, datetime, timedelta

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import Patient, User
from booking.models import Appointment, Offer, OfferState, Programme, Slot, Vaccine, WaitlistEntry
from booking.operations.cancel import cancel
from booking.operations.freed_places import release_places as releasing
from booking.operations.freed_places.release_places import release_places
from booking.operations.waitlist.accept import accept
from sites.models import District, Site

QUOTA, SITES, THREADS = 20, 50, 4
_STARTED = timezone.now()
_OFFSET = timezone.localtime(_STARTED).replace(hour=10, minute=0, second=0) - timezone.localtime(_STARTED)
settings.UNDO_SECONDS = 3


def clock() -> datetime:
    """The time of the bench's city."""
    return timezone.now() + _OFFSET


def main() -> None:
    cancellations, waiting, accepts = map(int, sys.argv[1:])
    _fill(cancellations, waiting)
    runs = multiprocessing.get_context("spawn").Queue()
    stop = multiprocessing.get_context("spawn").Event()
    worker = multiprocessing.get_context("spawn").Process(target=work, args=(_OFFSET, stop, runs))
    worker.start()
    seconds = _cancel_all()
    time.sleep(settings.UNDO_SECONDS + 10)
    stop.set()
    late = _lateness({(began, slot): ended for began, slots, ended in iter(runs.get, None) for slot in slots})
    worker.join()
    answers = _accept(accepts)
    together = Offer.objects.filter(state=OfferState.PENDING).count()
    began = time.monotonic()
    release_places(now=clock() + timedelta(minutes=31))
    passed_on = time.monotonic() - began
    json.dump(
        {
            "cancelled_a_second": cancellations / seconds,
            "offered": _of(late),
            "accepted": _of(answers),
            "together": together,
            "pass_on": passed_on,
            "offers": Offer.objects.count(),
            **_wrong(cancellations),
        },
        sys.stdout,
    )


def work(offset: timedelta, stop, runs) -> None:  # type: ignore[no-untyped-def]
    """The queue's worker: what is due, once a second."""
    step = releasing._release

    def noted(slot_ids: list[int], *, now: datetime) -> int:
        done = step(slot_ids, now=now)
        runs.put((now, slot_ids, timezone.now() + offset))
        return done

    releasing._release = noted
    while not stop.is_set():
        release_places(now=timezone.now() + offset)
        time.sleep(1)
    runs.put(None)


def _fill(cancellations: int, waiting: int) -> None:
    now = clock()
    districts = [
        District.objects.create(code=f"4301{n:02}", name=f"{n}区", name_en=f"{n}", longitude=113, latitude=28.2)
        for n in range(9)
    ]
    programme = Programme.objects.create(
        code="influenza", name="流感", name_en="Influenza", vaccine=Vaccine.objects.create(code="flu", name="流感疫苗")
    )
    sites = Site.objects.bulk_create(
        Site(code=f"B{n:04}", name=f"{n}", district=districts[n % 9], street="街", longitude=113, latitude=28.2)
        for n in range(SITES)
    )
    start = now.replace(hour=9, minute=0) + timedelta(days=2)
    slots = Slot.objects.bulk_create(
        Slot(
            site=sites[n % SITES], programme=programme, starts_at=start + timedelta(minutes=30 * (n // SITES)),
            ends_at=start + timedelta(minutes=30 * (n // SITES + 1)), opens_at=now - timedelta(days=1), quota=QUOTA,
        )
        for n in range(cancellations // QUOTA)
    )  # fmt: skip
    patients = _people(cancellations + waiting)
    Appointment.objects.bulk_create(
        (
            Appointment(
                reference=f"{n:012}", slot=slots[n // QUOTA], place=n % QUOTA + 1, patient=one, person=one.person,
                programme=programme, dose=1, booked_by_id=one.user_id, booked_at=now, request_key=f"filled-{n}",
                request_digest="-", claim=f"filled-{n}",
            )
            for n, one in enumerate(patients[:cancellations])
        ),
        batch_size=5000,
    )  # fmt: skip
    _waiting(patients[cancellations:], programme, sites, districts, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people(count: int) -> list[Patient]:
    users = User.objects.bulk_create((User(username=f"b{n}") for n in range(count)), batch_size=5000)
    return Patient.objects.bulk_create(
        (
            Patient(
                user=user, name="王秀兰", document_type="passport", document_number="E00000000", person=uuid.uuid4(),
                relation="self", birth_date=date(1990, 1, 1), sex="F",
            )
            for user in users
        ),
        batch_size=5000,
    )  # fmt: skip


def _waiting(
    patients: list[Patient], programme: Programme, sites: list[Site], districts: list[District], now: datetime
) -> None:
    """A fifth would go anywhere, the others named one to three sites or a district; a third named a part of the day."""
    chance = random.Random(1)
    entries = WaitlistEntry.objects.bulk_create(
        (
            WaitlistEntry(
                account_id=one.user_id, patient=one, person=one.person, programme=programme,
                until=now.date() + timedelta(days=20), joined_at=now - timedelta(seconds=len(patients) - n),
                parts_of_day=chance.choice([[], [], ["morning"]]),
            )
            for n, one in enumerate(patients)
        ),
        batch_size=5000,
    )  # fmt: skip
    named_sites, named_districts = [], []
    by_site, by_district = WaitlistEntry.sites.through, WaitlistEntry.districts.through
    for entry in entries:
        kind = chance.random()
        if kind < 0.4:
            chosen = chance.sample(sites, chance.randint(1, 3))
            named_sites += [by_site(waitlistentry_id=entry.pk, site_id=one.pk) for one in chosen]
        elif kind < 0.8:
            named_districts.append(by_district(waitlistentry_id=entry.pk, district_id=chance.choice(districts).pk))
    by_site.objects.bulk_create(named_sites, batch_size=5000)
    by_district.objects.bulk_create(named_districts, batch_size=5000)


def _cancel_all() -> float:
    rows = list(Appointment.objects.values_list("booked_by_id", "reference"))
    random.Random(2).shuffle(rows)
    began = time.monotonic()

    def some(part: list[tuple[int, str]]) -> None:
        for account_id, reference in part:
            cancel(account_id=account_id, reference=reference, now=clock())
        connection.close()

    threads = [threading.Thread(target=some, args=(rows[n::THREADS],)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - began


def _lateness(ends: dict[tuple[datetime, int], datetime]) -> list[float]:
    """For each place, from the end of its undo window until the transaction that offered it was committed."""
    undo = timedelta(seconds=settings.UNDO_SECONDS)
    rows = Appointment.objects.filter(kept_for__isnull=False)
    found = rows.values_list("cancelled_at", "kept_for__made_at", "slot_id")
    return [(ends[made, slot] - cancelled - undo).total_seconds() for cancelled, made, slot in found]


def _accept(count: int) -> list[float]:
    seconds = []
    for offer in Offer.objects.filter(state=OfferState.PENDING).select_related("entry").order_by("?")[:count]:
        began = time.monotonic()
        accept(account_id=offer.entry.account_id, offer_id=offer.pk, now=clock())
        seconds.append(time.monotonic() - began)
    return seconds


def _wrong(cancellations: int) -> dict[str, int]:
    """Pending offers that have more or less than one place, and numbers of which the ledger does not know whose."""
    kept = Appointment.objects.filter(kept_for__state=OfferState.PENDING)
    pending = Offer.objects.filter(state=OfferState.PENDING).count()
    places = Appointment.objects.filter(place__isnull=False).values_list("slot_id", "place")
    # Nobody has given a place back to everybody: with so many waiting each is kept or live.
    return {"twice": abs(kept.count() - pending), "lost": cancellations - len(set(places))}


def _of(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "median": statistics.median(ordered),
        "p95": ordered[int(len(ordered) * 0.95)],
        "max": ordered[-1],
    }


if __name__ == "__main__":
    main()
