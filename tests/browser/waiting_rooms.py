"""What the steward prepares for waiting rooms and for people without an appointment.

Imported by tests.browser.steward, once Django is there.
"""

from datetime import timedelta

from django.utils import timezone

from booking.models import Appointment, Slot, Visit, VisitStatus
from sites.models import Site
from tests.desk_factories import make_visit
from tests.factories import make_appointment, make_slot


def kept_places(site: str, now: int, later: int = 0) -> str:
    """A slot of the site that is running and one that begins in an hour, with so many places kept; the programme."""
    place, moment = Site.objects.get(code=site), timezone.now()
    programme = Slot.objects.filter(site=place).latest("pk").programme
    # What nobody booked of a running one would be free for walk-ins, too.
    for minutes, places, kept in ((-10, 0, now), (60, 50, later)):
        slot = make_slot(place, programme, places, starts_at=moment + timedelta(minutes=minutes))
        Slot.objects.filter(pk=slot.pk).update(kept_walk_in=kept)
    return programme.code


def waiting(site: str, tickets: list[int], minutes_ago: int = 3) -> None:
    """People who came to the site and wait: by their ticket."""
    place, moment = Site.objects.get(code=site), timezone.now()
    slot = Slot.objects.filter(site=place).latest("pk")
    first = max(Appointment.objects.filter(slot=slot).values_list("place", flat=True), default=0) + 1
    for n, ticket in enumerate(tickets):
        row = make_appointment(slot, place=first + n)
        make_visit(row, at=moment - timedelta(minutes=minutes_ago + 12), ticket=ticket, day=timezone.localdate(moment))


def called(site: str, ticket: int, desk: str) -> None:
    """One of them is called to a desk."""
    Visit.objects.filter(site__code=site, ticket=ticket).update(called_at=timezone.now(), called_desk=desk)


def observed(site: str, ticket: int) -> None:
    """The observation of one of them is over."""
    over = timezone.now() - timedelta(minutes=1)
    Visit.objects.filter(site__code=site, ticket=ticket).update(status=VisitStatus.IN_PROGRESS, observe_until=over)


ACTS = (kept_places, waiting, called, observed)
