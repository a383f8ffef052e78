"""What stands at a desk: its people, their acts, the visits of those who came."""

import itertools
import uuid
from datetime import date, datetime, timedelta

from accounts.models import User
from booking.models import ActKind, Appointment, Batch, MovementKind, Slot, Status, StockMovement, Visit, VisitStatus
from booking.operations.desk.act import Act
from sites.models import Site, StaffMember
from tests.factories import CLOCK, make_appointment, make_slot

_count = itertools.count(1)


def make_desk(site: Site, *roles: str) -> User:
    """A staff member with these posts at the site; without any named, one who registers."""
    user = User.objects.create(username=f"staff-{next(_count)}", first_name="敏", last_name="刘")
    for role in roles or ("registration",):
        StaffMember.objects.create(user=user, site=site, role=role)
    return user


def make_slot_now(site: Site | None = None, *, minutes: int = -10, quota: int = 50, programme=None) -> Slot:
    """A slot that began so many minutes before the clock (negative) or will begin after it."""
    return make_slot(site, programme, quota, starts_at=CLOCK + timedelta(minutes=minutes))


def make_act(
    kind: ActKind,
    appointment: Appointment | None,
    by: User,
    *,
    at: datetime = CLOCK,
    **fields,
) -> Act:
    """An act of a device of its own, done with the network, unless told otherwise; `data` as the device sends it."""
    defaults = {
        "key": str(uuid.uuid4()),
        "device": uuid.uuid4(),
        "sequence": next(_count),
        "after": None,
        "reference": appointment.reference if appointment else "",
        "offline": False,
        "desk": "登记台 1",
        "data": {},
    }
    return Act(kind=kind, by=by.pk, happened_at=at, **{**defaults, **fields})


def make_visit(appointment: Appointment, *, status: VisitStatus = VisitStatus.ARRIVED, at=CLOCK, **fields) -> Visit:
    """A visit as it stands, and the appointment with the status that goes with it."""
    given = {VisitStatus.IN_PROGRESS: Status.FULFILLED, VisitStatus.FINISHED: Status.FULFILLED}
    appointment.status = given.get(status, Status.CHECKED_IN)
    appointment.save(update_fields=["status"])
    site = appointment.slot.site
    defaults = {"ticket": next(_count), "arrived_at": at, "arrived_desk": "登记台 1", "day": at.date()}
    return Visit.objects.create(appointment=appointment, site=site, status=status, **{**defaults, **fields})


def make_expected(site: Site, count: int, **fields) -> list[Appointment]:
    """So many people of one slot of the site, which is now."""
    slot = make_slot_now(site, quota=max(count, 1))
    return [make_appointment(slot, place=n, **fields) for n in range(1, count + 1)]


def make_batch(site: Site, vaccine, *, number: str = "FLU2611", left: int = 10, **fields) -> Batch:
    """A batch at the site, of which so many doses were received."""
    batch = Batch.objects.create(
        site=site, vaccine=vaccine, number=number, **{"expires_on": date(2027, 6, 30), **fields}
    )
    if left:
        by = User.objects.create(username=f"receiver-{next(_count)}")
        StockMovement.objects.create(
            batch=batch, kind=MovementKind.RECEIVED, doses=left, by=by, at=CLOCK, key=f"received-{batch.pk}"
        )
    return batch
