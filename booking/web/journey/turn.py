"""Where somebody comes to choose a place out of turn, by a kept address: whose turn it is, and what to do instead."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from booking.models import ReleaseMode
from booking.queries.my_turns import MyTurns
from booking.web.journey import words
from booking.web.journey.choices import Journey
from booking.web.release_words import cohort_lines, whose_turn


def out_of_turn(request: HttpRequest, journey: Journey) -> HttpResponse | None:
    """The page that says so, if it is not everybody's turn; None if it is. No statement for an open release.

    Nothing is taken here, so nothing is decided: who books is judged again when they do.
    """
    programme = journey.programme
    if programme.release_mode == ReleaseMode.OPEN:
        return None
    turns = MyTurns(journey.patients, [programme], now=journey.now)
    answers: list[dict[str, Any]] = []
    for patient in journey.patients:
        turn = turns.of(patient, programme)
        said = whose_turn(turn, programme, patient.patient_id, journey.now)
        answers.append({"patient": patient, "may": turn.no is None, "said": said})
    can = [one["patient"] for one in answers if one["may"]]
    if len(can) == len(answers):
        return None
    context = {
        "journey": journey,
        "chosen": journey.chosen(),
        "answers": answers,
        "cohorts": cohort_lines(programme, journey.now),
        "some": words.names([patient.name for patient in can]),
        "for_some": _for_some(journey, ",".join(str(patient.patient_id) for patient in can)) if can else "",
        "back": journey.what_url(),
    }
    return render(request, "booking/journey/not_your_turn.html", context)


def _for_some(journey: Journey, ids: str) -> str:
    code = journey.programme.code
    if journey.site is None:
        return reverse("book_where", args=[ids, code])
    return reverse("book_when", args=[ids, code, journey.site.code])
