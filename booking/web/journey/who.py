"""Step 1: for whom."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.patients import MOST_PATIENTS as MOST_OF_AN_ACCOUNT
from booking.queries.patients import PatientFacts, patients_with_doses
from booking.queries.programmes import active_programmes
from booking.web.journey import words
from booking.web.journey.choices import MOST_PATIENTS, own_page, site_row, user_of, wanted_site


@own_page
def book_who(request: HttpRequest) -> HttpResponse:
    """The account's patients; with ?patient= once or more, on to the vaccines for them."""
    together = request.GET.getlist("patient")
    site = wanted_site(request)
    carried = f"?{urlencode({'site': site.code})}" if site else ""
    if 0 < len(together) <= MOST_PATIENTS:
        return redirect(reverse("book_what", args=[",".join(together)]) + carried)
    patients = patients_with_doses(user_of(request))
    error = ""
    if len(together) > MOST_PATIENTS:
        error = _("一次最多为 %(most)d 人一起约，您选了 %(count)d 人。")
        error %= {"most": MOST_PATIENTS, "count": len(together)}
    elif "together" in request.GET:
        error = _("请先勾选要一起约的人。")
    back_here = urlencode({"next": request.path + carried})
    context = {
        "rows": [_row(patient) for patient in patients],
        "add": f"{reverse('add_person')}?{back_here}" if _has_room(patients) else None,
        "most": MOST_PATIENTS,
        "error": error,
        "together": set(together),
        "site": site,
        "carried": carried,
        "chosen": [site_row(site, reverse("book_who"))] if site else [],
    }
    return render(request, "booking/journey/who.html", context)


def _has_room(patients: list[PatientFacts]) -> bool:
    return len(patients) < MOST_OF_AN_ACCOUNT


def _row(patient: PatientFacts) -> dict[str, Any]:
    now = timezone.now()
    programmes = {programme.code: words.named(programme) for programme in active_programmes()}
    return {
        "id": str(patient.patient_id),
        "name": patient.name,
        "relation": words.relation(patient.relation),
        "age": words.age(patient.birth_date, timezone.localdate(now)),
        "booked": [
            _("已约 %(what)s，%(when)s")
            % {"what": programmes.get(dose.programme_code, ""), "when": words.soon(dose.starts_at, now)}
            for dose in patient.booked()
            if dose.programme_code in programmes
        ],
    }
