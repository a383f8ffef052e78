"""Every list of the admin costs few statements, however much there is and whoever looks."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.admin import site as admin_site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from booking.models import Appointment, AppointmentEvent, DeskAct, Message, Slot, SlotEvent, VaccinationRecord, Visit
from sites.models import AdminRole, District, Site, StaffMember
from tests.admin.world import World
from tests.factories import CLOCK, make_administrator, make_patients, make_site, sign_in

pytestmark = pytest.mark.django_db
MOST = 12


@pytest.fixture
def crowded(now) -> World:
    """The world of every table, and of what grows a few hundred rows of different sites and people."""
    world = World()
    places = [make_site(district=world.own[District]) for _ in range(60)]
    slots = Slot.objects.bulk_create(
        Slot(
            site=site, programme=world.programme, starts_at=CLOCK + timedelta(days=n), opens_at=CLOCK, quota=9,
            ends_at=CLOCK + timedelta(days=n, minutes=30),
        )
        for site in places
        for n in range(1, 6)
    )  # fmt: skip
    people = make_patients(len(slots))
    booked = Appointment.objects.bulk_create(
        Appointment(
            reference=f"{9 * 10**11 + n}", slot=slot, place=1, patient=person, person=person.person, dose=1,
            programme=world.programme, booked_by=person.user, booked_at=CLOCK, request_key=f"k{n}",
            request_digest="-", claim=f"c{n}",
        )
        for n, (slot, person) in enumerate(zip(slots, people, strict=True))
    )  # fmt: skip
    by = world.city
    AppointmentEvent.objects.bulk_create(AppointmentEvent(appointment=one, kind="BOOKED", at=CLOCK) for one in booked)
    Message.objects.bulk_create(
        Message(key=f"m{one.pk}", kind="BOOKED", appointment=one, created_at=CLOCK, due_at=CLOCK) for one in booked
    )
    visits = Visit.objects.bulk_create(
        Visit(
            appointment=one, site=one.slot.site, day=CLOCK.date(), ticket=n, arrived_at=CLOCK, arrived_desk="1"
        )
        for n, one in enumerate(booked, start=2)
    )  # fmt: skip
    VaccinationRecord.objects.bulk_create(
        VaccinationRecord(
            visit=one, appointment=one.appointment, person=one.appointment.person, dose=1, status="NOT_DONE",
            vaccine=world.programme.vaccine, given_at=CLOCK, given_by=by,
        )
        for one in visits
    )  # fmt: skip
    DeskAct.objects.bulk_create(
        DeskAct(
            key=f"k{one.pk}", site=one.site, device=uuid4(), sequence=one.pk, kind="CHECK_IN", desk="1", visit=one,
            appointment=one.appointment, by=by, sent_by=by, happened_at=CLOCK, received_at=CLOCK,
        )
        for one in visits
    )  # fmt: skip
    SlotEvent.objects.bulk_create(SlotEvent(slot=slot, kind="PUBLISHED", at=CLOCK, by=by) for slot in slots)
    workers = User.objects.bulk_create(User(username=f"many-{n}") for n in range(len(places)))
    StaffMember.objects.bulk_create(
        StaffMember(user=user, site=site, role="screening") for user, site in zip(workers, places, strict=True)
    )
    return world


@pytest.mark.parametrize("role", ["superuser", AdminRole.CITY, AdminRole.DISTRICT, AdminRole.SITE, AdminRole.AUDITOR])
def test_every_list(crowded: World, client: Client, role: str) -> None:
    place = {AdminRole.DISTRICT: {"district": crowded.own[District]}, AdminRole.SITE: {"site": crowded.own[Site]}}
    if role == "superuser":
        sign_in(client, User.objects.create(username="root", is_staff=True, is_superuser=True))
    else:
        sign_in(client, make_administrator(AdminRole(role), **place.get(role, {})))
    looked_at = {}

    for model in admin_site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        with CaptureQueriesContext(connection) as statements:
            answer = client.get(address)
        if answer.status_code == 200:
            looked_at[address] = len(statements)

    assert len(looked_at) > 10
    assert {address: count for address, count in looked_at.items() if count > MOST} == {}
