"""Doses received, and a slip to print for one person."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from booking.queries.records import records_of
from booking.web.me.private import account_of, private


@private("GET")
def records(request: HttpRequest) -> HttpResponse:
    """What everybody on the list has been given."""
    people = records_of(account_of(request))
    return render(request, "booking/me/records.html", {"people": people, "any": any(one.doses for one in people)})


@private("GET")
def record_slip(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """One person's doses on one sheet."""
    for person in records_of(account_of(request)):
        if person.patient_id == patient_id:
            return render(request, "booking/me/record_slip.html", {"person": person, "printed_at": timezone.now()})
    raise Http404
