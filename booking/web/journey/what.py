"""Step 2: which vaccine, with the answer to "may I?" in each row."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.queries.my_turns import MyTurns, Turn
from booking.queries.patients import Due, PatientFacts, due
from booking.queries.programmes import ProgrammeRow, active_programmes
from booking.queries.times import window
from booking.web.dates import month_day
from booking.web.journey import words
from booking.web.journey.choices import chosen_patients, own_page, site_row, wanted_site
from booking.web.release_words import whose_turn
from booking.web.wording import not_eligible
from sites.queries import SiteRow


@own_page
def book_what(request: HttpRequest, patients: str) -> HttpResponse:
    """Every programme, and whether these patients may book it."""
    people = chosen_patients(request, patients)
    site = wanted_site(request)
    programmes, now = active_programmes(), timezone.now()
    turns = MyTurns(people, programmes, now=now)
    rows = [_row(programme, people, site, turns, now) for programme in programmes]
    alone = people[0] if len(people) == 1 else None
    who = {
        "icon": "person" if alone else "people",
        "text": words.names([patient.name for patient in people]),
        "more": words.relation(alone.relation) if alone else "",
        "change": reverse("book_who"),
        "what": _("接种人"),
    }
    # What can be booked first, by everybody or by some; else in the catalogue's order.
    rows.sort(key=lambda row: (not row["href"], not row["for_some"]))
    chosen = [who, site_row(site, request.path)] if site else [who]
    context = {"chosen": chosen, "rows": rows, "people": len(people)}
    return render(request, "booking/journey/what.html", context)


def _row(
    programme: ProgrammeRow, people: tuple[PatientFacts, ...], site: SiteRow | None, turns: MyTurns, now: datetime
) -> dict[str, Any]:
    first, last = window(timezone.localdate(now))
    answers, can = [], []
    for patient in people:
        one, turn = due(patient, programme, today=first, last=last), turns.of(patient, programme)
        answers.append(_answer(patient, one, turn, programme, now))
        if one.dose is not None and turn.no is None:
            can.append(patient)
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
        "answers": answers,
    }


def _next_step(ids: str, programme: str, site: SiteRow | None) -> str:
    return (
        reverse("book_when", args=[ids, programme, site.code]) if site else reverse("book_where", args=[ids, programme])
    )


def _answer(patient: PatientFacts, one: Due, turn: Turn, programme: ProgrammeRow, now: datetime) -> dict[str, Any]:
    can = one.dose is not None and turn.no is None
    answer: dict[str, Any] = {"name": patient.name, "can": can, "icon": "tick" if can else "info"}
    if one.dose is None and one.booked is None:
        answer["text"] = not_eligible(one.reason, one.from_date)
    elif one.dose is None and one.booked is not None:
        when = words.soon(one.booked.starts_at, now)
        answer["text"] = _("已约 %(when)s") % {"when": when}
        if one.booked.reference:
            answer["href"] = reverse("appointment", args=[one.booked.reference])
            answer |= {"link": _("看这次预约"), "icon": "calendar"}
    else:
        answer |= _of_the_due(patient, one, turn, programme, now)
    return answer


def _of_the_due(patient: PatientFacts, one: Due, turn: Turn, programme: ProgrammeRow, now: datetime) -> dict[str, Any]:
    """Of somebody for whom a dose is due: from when, or whose turn it is."""
    said = whose_turn(turn, programme, patient.patient_id, now)
    dose = words.dose(one.dose or 1, programme)
    if said is not None and turn.no is not None:
        return {"text": said.text, "href": said.href, "link": said.link}
    if one.from_date is not None:
        text = _("%(date)s 起可以约") % {"date": month_day(one.from_date)}
        return {"text": f"{text} · {said.text}" if said else text, "dose": dose}
    return {"text": said.text if said else _("可以约"), "dose": dose}
