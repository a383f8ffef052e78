"""The place that a returning citizen is offered first: card, tick, confirm."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from booking.models import Appointment
from booking.queries.suggestion import suggestion_for
from tests.factories import make_citizen, make_patient, make_programme, make_site, make_slot
from tests.web.journey.conftest import at, books, released, text_of
from tests.web.journey.test_who_and_what import given

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_has_never_been_anywhere_gets_no_suggestion(patient, slots) -> None:
    assert suggestion_for(patient.user_id, timezone.now()) is None
    assert suggestion_for(make_citizen().pk, timezone.now()) is None


def test_the_next_dose_comes_first_at_the_site_used_last_at_its_earliest(citizen, patient, site) -> None:
    series = make_programme(name="系列", doses=2, intervals=[5])
    make_programme(code="a-other")
    given(patient, series, days_ago=30)
    Appointment.objects.get().slot.__class__.objects.update(site=site)
    make_patient(citizen, name="小明")
    make_slot(site, series, starts_at=at(3, 9), opens_at=released())
    earliest = make_slot(site, series, starts_at=at(2, 9), opens_at=released())

    found = suggestion_for(citizen.pk, timezone.now())

    assert found is not None
    assert (found.patient.name, found.due.dose, found.time.slot_id) == ("王秀兰", 2, earliest.pk)


def test_what_is_booked_is_not_suggested_again_but_the_family_is(citizen, patient, site, programme, slots) -> None:
    books(patient, slots[0])
    assert suggestion_for(citizen.pk, timezone.now()) is None

    child = make_patient(citizen, name="小明", relation="child")
    found = suggestion_for(citizen.pk, timezone.now())

    assert found is not None
    assert found.patient.patient_id == child.pk


def test_without_room_at_the_site_there_is_no_suggestion(citizen, patient, programme, slots) -> None:
    full = make_site(name="约满接种点")
    make_slot(full, programme, quota=0, starts_at=at(1, 9), opens_at=released())
    books(patient, make_slot(full, make_programme(), starts_at=at(9, 9), opens_at=released()))

    assert suggestion_for(citizen.pk, timezone.now()) is None


def test_card_tick_and_confirm_are_three_taps(visitor, citizen, patient, site, programme, slots) -> None:
    books(patient, slots[0])
    child = make_patient(citizen, name="小明", relation="child")
    request = RequestFactory().get("/")
    context = {"suggestion": suggestion_for(citizen.pk, timezone.now())}
    card = render_to_string("booking/journey/suggestion.html", context, request)

    form = re.search(r'action="([^"]+)".*name="slot" value="(\d+)"', card, flags=re.DOTALL)
    assert form is not None
    check = visitor.post(form[1], slot=form[2])["Location"]
    assert "确认预约" in text_of(visitor.get(check))
    visitor.post(check)

    assert Appointment.objects.filter(patient=child, slot=slots[0]).count() == 1


def test_without_a_suggestion_the_card_is_nothing() -> None:
    assert render_to_string("booking/journey/suggestion.html", {}).strip() == ""
