"""What the steward prepares for second doses: somebody whose dose is due, and the message that says so.

Imported by tests.browser.steward, once Django is there.
"""

from datetime import timedelta
from functools import cache
from typing import Any

from django.utils import timezone

from accounts.models import DocumentType, Patient
from accounts.patients import person_key
from booking.models import Appointment, Message, Programme, Slot, Status
from booking.notifications import words
from booking.operations.later_doses.tell_due import tell_due
from booking.queries.programmes import forget_programmes
from booking.rules.references import new_reference
from sites.models import District, Site
from sites.queries import forget_sites
from tests.factories import make_programme, make_site, make_slot

_count = iter(range(1, 10_000))


@cache
def series_site() -> dict[str, str]:
    """A site with a programme of two doses, 28 days apart, and places at nine each day of the next two weeks; one."""
    n, now = next(_count), timezone.localtime()
    site = make_site(
        code=f"SERIES{n}", name="望月湖卫生服务中心", name_en="Moon Lake", district=District.objects.first()
    )
    programme = make_programme(
        code=f"series-{n}", name="宫颈癌疫苗", name_en="HPV vaccine", doses=2, intervals=[28], min_age=0
    )
    forget_programmes()
    morning = now.replace(hour=9, minute=0, second=0, microsecond=0)
    for day in range(1, 14):
        make_slot(site, programme, 20, starts_at=morning + timedelta(days=day), opens_at=now - timedelta(days=30))
    forget_sites()
    return {"site": site.code, "programme": programme.code}


def dose_due(person: str, site: str, programme: str) -> dict[str, str]:
    """The person had the first dose at the site 25 days ago, and was told this morning; where the message leads."""
    patient = Patient.objects.get(pk=person)
    place, series = Site.objects.get(code=site), Programme.objects.get(code=programme)
    then = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=25)
    n = next(_count)
    slot, _ = Slot.objects.get_or_create(
        site=place, programme=series, starts_at=then,
        defaults={"ends_at": then + timedelta(minutes=30), "opens_at": then - timedelta(days=9), "quota": 10_000},
    )  # fmt: skip
    Appointment.objects.create(
        reference=new_reference(), slot=slot, place=n, patient=patient, person=patient.person, programme=series, dose=1,
        status=Status.FULFILLED, booked_by=patient.user, booked_at=then - timedelta(days=3), request_key=f"due-{n:06}",
        request_digest="-", claim=f"due-{n:06}",
    )  # fmt: skip
    tell_due(now=timezone.localtime().replace(hour=10))
    text = words(Message.objects.get(kind="DOSE_DUE", patient=patient))
    return {"text": text, "path": "/due/" + text.partition("/due/")[2].split()[0].rstrip("。.")}


def with_document(person: str, number: str) -> dict[str, Any]:
    """The person has this passport."""
    patient = Patient.objects.get(pk=person)
    patient.document_type, patient.document_number = DocumentType.PASSPORT, number
    patient.person = person_key(DocumentType.PASSPORT, number)
    patient.save()
    return {}


ACTS = (series_site, dose_due, with_document)
