"""A list of people to invite as its administrators see it: before it is sent, and what has come of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.models import Patient
from booking.models import (
    Appointment,
    Invitation,
    InvitationList,
    Message,
    MessageKind,
    OutsideDose,
    ReleaseMode,
    Slot,
    Status,
)
from booking.queries.release_modes import was_used

_SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Preview:
    """What sending a list would mean. `warnings` are codes; the door has the words.

    `places` are those left in slots that open before the deadline; `others` people whom other lists of the programme
    have invited and who have not booked yet.
    """

    people: int
    without_phone: int
    unreachable: int
    booked: int
    complete: int
    invited_already: int
    others: int
    places: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What has come of a list that was sent. `left` may still book; `told` have a message, `sent` of them went out."""

    people: int
    told: int
    sent: int
    opened: int
    booked: int
    withdrawn: int
    left: int


def preview(one: InvitationList, *, now: datetime) -> Preview:
    """The numbers before it is sent, and what speaks against it."""
    people = Invitation.objects.filter(list=one, withdrawn_at=None)
    counted = people.aggregate(
        people=Count("pk"),
        without_phone=Count("pk", filter=Q(phone=None)),
        unreachable=Count("pk", filter=Q(~has_account(), phone=None)),
        booked=Count("pk", filter=_booked()),
        complete=Count("pk", filter=_complete(one.programme.doses)),
        invited_already=Count("pk", filter=Exists(_others(one, now).filter(person=OuterRef("person")))),
    )
    others, places = _others(one, now).values("person").distinct().count(), places_ahead(one, now=now)
    return Preview(**counted, others=others, places=places, warnings=_warnings(one, counted, places, now=now))


def figures(one: InvitationList) -> Figures:
    """The numbers since it was sent."""
    message = Message.objects.filter(key=message_key(OuterRef("pk")))
    counted = Invitation.objects.filter(list=one).aggregate(
        people=Count("pk"),
        told=Count("pk", filter=Exists(message)),
        sent=Count("pk", filter=Exists(message.filter(sent_at__isnull=False))),
        opened=Count("pk", filter=Q(opened_at__isnull=False)),
        booked=Count("pk", filter=was_used()),
        withdrawn=Count("pk", filter=Q(~was_used(), withdrawn_at__isnull=False)),
        left=Count("pk", filter=Q(~was_used(), withdrawn_at=None)),
    )
    return Figures(**counted)


def to_remind(one: InvitationList) -> QuerySet[Invitation]:
    """Those who have not booked."""
    return Invitation.objects.filter(~was_used(), list=one, withdrawn_at=None)


def taken_off(one: InvitationList, *, since: datetime) -> QuerySet[Invitation]:
    """Single people who were withdrawn lately, latest first."""
    return Invitation.objects.filter(list=one, withdrawn_at__gt=since).order_by("-withdrawn_at")


def places_ahead(one: InvitationList, *, now: datetime) -> int:
    """Places left in the programme's slots that can be booked before the deadline."""
    slots = Slot.objects.filter(programme=one.programme, closed_at=None, starts_at__gt=now, opens_at__lt=one.expires_at)
    taken = Appointment.objects.filter(slot__in=slots, place__isnull=False).count()
    quota: int = slots.aggregate(quota=Coalesce(Sum("quota"), 0))["quota"]
    return max(quota - taken, 0)


def message_key(invitation: Any) -> Concat:
    """The key of an invitation's message, where `invitation` is an expression for its id."""
    return Concat(Value(f"{MessageKind.INVITED}:"), Cast(invitation, CharField()))


def has_account() -> Exists:
    """Of an invitation: somebody who signs in has its person among their patients."""
    rows = Patient.objects.filter(person=OuterRef("person"), removed_at=None, user__is_active=True)
    return Exists(rows)


def _booked() -> Exists:
    ahead = Appointment.objects.filter(person=OuterRef("person"), programme=OuterRef("list__programme"))
    return Exists(ahead.filter(status__in=[Status.BOOKED, Status.CHECKED_IN]))


def _complete(doses: int) -> Q:
    given = Appointment.objects.filter(
        person=OuterRef("person"), programme=OuterRef("list__programme"), status=Status.FULFILLED, dose=doses
    )
    elsewhere = OutsideDose.objects.filter(
        person=OuterRef("person"), programme=OuterRef("list__programme"), voided_at=None, dose=doses
    )
    return Q(Exists(given)) | Q(Exists(elsewhere))


def _others(one: InvitationList, now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        ~was_used(),
        withdrawn_at=None,
        list__programme=one.programme,
        list__withdrawn_at=None,
        list__sent_at__lte=now,
        list__expires_at__gt=now,
    ).exclude(list=one)


def _warnings(one: InvitationList, counted: dict[str, int], places: int, *, now: datetime) -> tuple[str, ...]:
    found = {
        "not_by_invitation": one.programme.release_mode != ReleaseMode.INVITATION,
        "inactive": not one.programme.is_active,
        "soon_over": now < one.expires_at < now + _SOON,
        "no_places": places == 0,
        "few_places": 0 < places < counted["people"],
        "unreachable": counted["unreachable"] > 0,
        "booked": counted["booked"] + counted["complete"] > 0,
        "invited_already": counted["invited_already"] > 0,
    }
    return tuple(code for code, holds in found.items() if holds)
