"""Step 2: which vaccine, with the answer to "may I?" in each row."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.queries.patients import Due, PatientFacts, due
from booking.queries.programmes import ProgrammeRow, active_programmes
from booking.queries.times import window
from booking.web.dates import month_day
from booking.web.journey import words
from booking.web.journey.choices import chosen_patients, own_page, site_row, wanted_site
from booking.web.wording import not_eligible
from sites.queries import SiteRow


@own_page
def book_what(request: HttpRequest, patients: str) -> HttpResponse:
    """Every programme, and whether these patients may book it."""
    people = chosen_patients(request, patients)
    site = wanted_site(request)
    rows = [_row(programme, people, site) for programme in active_programmes()]
    alone = people[0] if len(people) == 1 else None
    who = {
        "icon": "person" if alone else "people",
        "text": words.names([patient.name for patient in people]),
        "more": words.relation(alone.relation) if alone else "",
        "change": reverse("book_who"),
        "what": _("接种人"),
    }
    # What can be booked first; else in the catalogue's order.
    rows.sort(key=lambda row: not row["href"])
    chosen = [who, site_row(site, request.path)] if site else [who]
    context = {"chosen": chosen, "rows": rows, "people": len(people)}
    return render(request, "booking/journey/what.html", context)


def _row(programme: ProgrammeRow, people: tuple[PatientFacts, ...], site: SiteRow | None) -> dict[str, Any]:
    first, last = window(timezone.localdate())
    dues = [due(patient, programme, today=first, last=last) for patient in people]
    can = [patient for patient, one in zip(people, dues, strict=True) if one.dose is not None]
    everybody = len(can) == len(people)
    ids = ",".join(str(patient.patient_id) for patient in can)
    address = _next_step(ids, programme.code, site) if can else None
    return {
        "name": words.named(programme),
        "vaccine": words.vaccine(programme),
        "audience": words.audience(programme),
        "href": address if everybody else None,
        # Some may and some may not: those who may need not start again.
        "for_some": address if not everybody else None,
        "some": words.names([patient.name for patient in can]),
        "answers": [_answer(patient, one, programme) for patient, one in zip(people, dues, strict=True)],
    }


def _next_step(ids: str, programme: str, site: SiteRow | None) -> str:
    return (
        reverse("book_when", args=[ids, programme, site.code]) if site else reverse("book_where", args=[ids, programme])
    )


def _answer(patient: PatientFacts, one: Due, programme: ProgrammeRow) -> dict[str, Any]:
    answer: dict[str, Any] = {"name": patient.name, "can": one.dose is not None}
    if one.dose is None and one.booked is None:
        answer["text"] = not_eligible(one.reason, one.from_date)
    elif one.dose is None and one.booked is not None:
        when = words.soon(one.booked.starts_at, timezone.now())
        answer["text"] = _("已约 %(when)s") % {"when": when}
        if one.booked.reference:
            answer["appointment"] = reverse("appointment", args=[one.booked.reference])
    elif one.from_date is not None:
        answer["text"] = _("%(date)s 起可以约") % {"date": month_day(one.from_date)}
    else:
        answer["text"] = _("可以约")
    if one.dose is not None:
        answer["dose"] = words.dose(one.dose, programme)
    return answer
