"""Doses received, and a slip to print for one person."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from booking.queries.next_dose import next_doses
from booking.queries.patients import patients_with_doses
from booking.queries.records import records_of
from booking.web.journey.next_dose import due_address
from booking.web.me.private import account_of, private


@private("GET")
def records(request: HttpRequest) -> HttpResponse:
    """What everybody on the list has been given."""
    account = account_of(request)
    people, upcoming = records_of(account), next_doses(patients_with_doses(account), now=timezone.now())
    context = {
        "people": people,
        "any": any(one.doses or one.elsewhere for one in people),
        "next_doses": [(one, due_address(one)) for one in upcoming],
    }
    return render(request, "booking/me/records.html", context)


@private("GET")
def record_slip(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """One person's doses on one sheet."""
    for person in records_of(account_of(request)):
        if person.patient_id == patient_id:
            return render(request, "booking/me/record_slip.html", {"person": person, "printed_at": timezone.now()})
    raise Http404
