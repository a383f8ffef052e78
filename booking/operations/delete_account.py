"""A citizen's account is deleted: what tells who they are goes, what the law wants kept stays without it."""

from datetime import datetime

from django.db import transaction

from accounts.erase import erase_account, erase_patients
from accounts.models import User
from booking.models import Appointment, DrawEntry, Message, Status, Suspicion, WaitlistEntry
from booking.operations.cancel import cancel
from booking.operations.draws.enter import withdraw_everything
from booking.operations.freed_places.pass_on import pass_on
from booking.operations.refusals import NotFound, StillBooked
from booking.operations.waitlist.leave import leave_everything
from booking.queries.appointments import Ahead, appointments_ahead
from sites.models import StaffMember


def delete_account(*, account_id: int, cancel_appointments: bool, now: datetime) -> None:
    """Sign the account out everywhere and make it and its patients nobody in particular; it cannot be undone.

    Doses received keep the keyed hash of the document, by which alone they can be found again; everything else of the
    history loses that too. Raises StillBooked where there are appointments ahead and `cancel_appointments` is false,
    or the patient is at the site now; NotFound for the account of somebody who works here.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=account_id, is_active=True).first()
        if user is None or user.is_staff or StaffMember.objects.filter(user_id=account_id).exists():
            raise NotFound(what="account")
        ahead = appointments_ahead(account_id, now=now)
        _clear(ahead, account_id, cancel_appointments=cancel_appointments, now=now)
        leave_everything(account_id=account_id, now=now)
        withdraw_everything(account_id=account_id, now=now)
        # Nobody is left to be told.
        Message.objects.filter(appointment__booked_by_id=account_id, sent_at__isnull=True).delete()
        Message.objects.filter(account_id=account_id, sent_at__isnull=True).delete()
        # What somebody wrote in their own words tells who they are as a name does.
        Suspicion.objects.filter(account_id=account_id).exclude(appeal="").update(appeal="")
        own = Appointment.objects.filter(patient__user_id=account_id)
        received = own.filter(status__in=[Status.FULFILLED, Status.CHECKED_IN]).values_list("patient_id", flat=True)
        changed = erase_patients(user_id=account_id, keep_person=received, now=now)
        for patient_id, person in changed.items():
            Appointment.objects.filter(patient_id=patient_id).update(person=person)
            WaitlistEntry.objects.filter(patient_id=patient_id).update(person=person)
            DrawEntry.objects.filter(patient_id=patient_id).update(person=person)
        erase_account(user_id=account_id, now=now)


def _clear(ahead: list[Ahead], account_id: int, *, cancel_appointments: bool, now: datetime) -> None:
    waiting = [one for one in ahead if not one.can_be_cancelled]
    if waiting or (ahead and not cancel_appointments):
        raise StillBooked(count=len(ahead), waiting=len(waiting))
    for one in ahead:
        cancel(account_id=account_id, reference=one.reference, now=now)
    # Nobody can take these cancellations back.
    kept = Appointment.objects.filter(
        reference__in=[one.reference for one in ahead], restorable_until__gt=now, place__isnull=False
    )
    rows = list(kept.order_by("pk"))
    Appointment.objects.filter(pk__in=[row.pk for row in rows]).update(restorable_until=None, release_at=now)
    pass_on(rows, now=now)
