"""A site in the middle of its day: what the tests of walk-ins start from."""

from datetime import timedelta

from booking.models import Slot, Status
from booking.operations.walk_ins.examine_person import Said
from sites.models import DeskRole, StaffMember
from tests.factories import make_appointment, make_citizen, make_resident_id, make_slot


def slot_at(now, minutes, *, site=None, programme=None, quota=None, kept=0):
    """A slot of half an hour that begins so many minutes from now.

    It has five places to book unless told otherwise; one that is running has none that nobody booked.
    """
    if quota is None:
        quota = 0 if -30 < minutes <= 0 else 5
    slot = make_slot(site, programme, quota=quota, starts_at=now + timedelta(minutes=minutes))
    Slot.objects.filter(pk=slot.pk).update(kept_walk_in=kept)
    slot.refresh_from_db()
    return slot


def neighbour(slot, now, minutes, **more):
    """Another slot of the same site and programme."""
    return slot_at(now, minutes, site=slot.site, programme=slot.programme, **more)


def late_people(slot, count, *, status=Status.BOOKED):
    return [make_appointment(slot, place=n, status=status) for n in range(1, count + 1)]


def staff_of(site, *roles):
    user = make_citizen(first_name="小芳", last_name="陈")
    for role in roles or (DeskRole.REGISTRATION,):
        StaffMember.objects.create(user=user, site=site, role=role)
    return user


def said(born="19900101", serial="002", **more):
    """A woman of 36 with her identity card."""
    number = make_resident_id(born, serial)
    return Said(**{"document_type": "resident_id", "document_number": number, "name": "李梅", **more})
