"""Doses given elsewhere in the admin: looked at by the city, voided with a reason."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, LookUp
from booking.operations.book import book
from sites.models import AdminRole
from tests.factories import (
    CLOCK,
    make_administrator,
    make_district,
    make_patient,
    make_slot,
    make_two_dose_programme,
    sign_in,
)
from tests.series_factories import make_outside_dose

pytestmark = pytest.mark.django_db(transaction=True)
LIST = reverse("admin:booking_outsidedose_changelist")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(CLOCK, tick=False):
        yield


@pytest.fixture
def patient():
    return make_patient()


@pytest.fixture
def row(patient):
    return make_outside_dose(patient, make_two_dose_programme(), given_on=date(2026, 10, 1))


def as_admin(role=AdminRole.CITY, **fields) -> Client:
    client = Client()
    sign_in(client, make_administrator(role, **fields))
    return client


def void_page(row):
    return reverse("admin:booking_outsidedose_void", args=[row.pk])


def test_the_city_looks_and_each_look_at_a_person_leaves_a_trace(row):
    client = as_admin()

    assert "武汉" in client.get(LIST).content.decode()
    client.get(reverse("admin:booking_outsidedose_change", args=[row.pk]))
    assert LookUp.objects.get().person == row.person


def test_a_district_does_not_see_them(row):
    client = as_admin(AdminRole.DISTRICT, district=make_district())

    assert client.get(LIST).status_code == 403
    assert client.post(void_page(row), {"reason": "看错了名字"}).status_code == 403


def test_one_is_voided_with_a_reason_after_a_warning(row):
    client = as_admin()

    assert "不能撤回" in client.get(void_page(row)).content.decode()
    assert client.post(void_page(row), {"reason": "错"}).status_code == 200
    assert client.post(void_page(row), {"reason": "看错了名字"}).status_code == 302
    row.refresh_from_db()
    assert (row.voided_at, row.voided_reason) == (CLOCK, "看错了名字")
    assert AuditEntry.objects.get(action="void").reason == "看错了名字"
    assert client.get(void_page(row)).status_code == 404


def test_the_later_dose_that_stays_booked_is_told(row, patient, now):
    slot = make_slot(programme=row.programme, starts_at=now + timedelta(days=5))
    book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="request-1", now=now)

    shown = as_admin().post(void_page(row), {"reason": "看错了名字"}, follow=True)

    assert "第 2 剂还约在 2026-11-29" in shown.content.decode()
