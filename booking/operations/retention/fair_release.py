"""Wishes, draws, invitations and suspicions whose time is over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.db.models import Exists, OuterRef, Q, QuerySet

from booking.models import (
    DrawEntry,
    Invitation,
    Message,
    Suspicion,
    SuspicionState,
    WaitlistEntry,
)
from booking.operations.retention.nobody import PATIENT, nobody
from booking.operations.retention.steps import Step, before


def _wishes(now: datetime) -> QuerySet[WaitlistEntry]:
    """Those that became an appointment: the others are deleted weeks after they have ended."""
    return WaitlistEntry.objects.filter(ended_at__lt=before(now, "APPOINTMENT_DAYS")).exclude(patient_id=PATIENT)


def _make_wishes_anonymous(keys: Sequence[Any], now: datetime) -> None:
    somebody = nobody()
    WaitlistEntry.companions.through.objects.filter(waitlistentry_id__in=keys).delete()
    WaitlistEntry.objects.filter(pk__in=keys).update(account=somebody.user, patient=somebody, person=RandomUUID())


def _draws(now: datetime) -> QuerySet[DrawEntry]:
    old = DrawEntry.objects.filter(draw__closes_at__lt=before(now, "DRAW_DAYS")).exclude(patient_id=PATIENT)
    # Of a draw that is not over, whatever day it is, everybody still has to be dealt with.
    return old.filter(Q(draw__state__in=["DRAWN", "CALLED_OFF"]) | Q(withdrawn_at__isnull=False))


def _make_entries_anonymous(keys: Sequence[Any], now: datetime) -> None:
    """The published file stays right: it names entries by codes, and those stay."""
    somebody = nobody()
    DrawEntry.objects.filter(pk__in=keys).update(account=somebody.user, patient=somebody, person=RandomUUID())


def _invitations(now: datetime) -> QuerySet[Invitation]:
    told = Message.objects.filter(invitation_id=OuterRef("pk"))
    return Invitation.objects.filter(~Exists(told), list__expires_at__lt=before(now, "INVITATION_DAYS"))


def _delete_invitations(keys: Sequence[Any], now: datetime) -> None:
    Invitation.objects.filter(pk__in=keys).delete()


def _suspicions(now: datetime) -> QuerySet[Suspicion]:
    """Those that a person has decided and that stop nobody any more."""
    done = Suspicion.objects.filter(state__in=[SuspicionState.DISMISSED, SuspicionState.RESTORED])
    last = before(now, "SUSPICION_DAYS")
    return done.filter(raised_at__lt=last).exclude(decided_at__gte=last).exclude(answered_at__gte=last)


def _delete_suspicions(keys: Sequence[Any], now: datetime) -> None:
    Suspicion.objects.filter(pk__in=keys).delete()


STEPS = (
    Step("waitlist wishes", _wishes, _make_wishes_anonymous),
    Step("draw entries", _draws, _make_entries_anonymous),
    Step("invitations", _invitations, _delete_invitations),
    Step("suspicions", _suspicions, _delete_suspicions),
)
