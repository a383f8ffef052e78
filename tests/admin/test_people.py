"""What an administrator sees of people, and the trace that it leaves."""

from datetime import datetime

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import LookUp, User
from accounts.patients import add_patient
from booking.operations.book import book
from tests.factories import make_citizen, make_resident_id, make_slot

pytestmark = pytest.mark.django_db(transaction=True)
FIND = reverse("admin:accounts_patient_find")


@pytest.fixture
def patient(now: datetime):
    user = make_citizen(phone="+8613812346621")
    return add_patient(
        user_id=user.pk, name="王秀兰", document_type="resident_id", document_number=make_resident_id(),
        relation="self", now=now,
    )  # fmt: skip


@pytest.fixture
def reference(patient, now: datetime) -> str:
    slot = make_slot()
    return book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="key-12345678", now=now
    ).reference


def test_no_page_shows_a_number(desk: Client, patient, reference: str) -> None:
    pages = [
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_user_change", args=[patient.user_id]),
        reverse("admin:accounts_patient_changelist"),
        reverse("admin:accounts_patient_change", args=[patient.pk]),
        reverse("admin:booking_appointment_changelist"),
        reverse("admin:booking_appointment_changelist") + f"?q={reference}",
        reverse("admin:accounts_lookup_changelist"),
    ]
    for address in pages:
        page = desk.get(address)
        assert page.status_code == 200, address
        assert make_resident_id() not in page.content.decode()
        assert "13812346621" not in page.content.decode()
        assert "王秀兰" not in page.content.decode()
    assert "138****6621" in desk.get(pages[1]).content.decode()


def test_opening_a_person_leaves_a_trace(desk: Client, administrator: User, patient) -> None:
    desk.get(reverse("admin:accounts_patient_change", args=[patient.pk]))
    trace = LookUp.objects.get()
    assert (trace.by, trace.person, trace.kind) == (administrator, patient.person, "OPENED")
    assert trace.what == f"accounts.patient {patient.pk}"


def test_finding_by_document_asks_why_and_leaves_a_trace(desk: Client, patient) -> None:
    asked = {"document_type": "resident_id", "number": f" {make_resident_id().lower()} "}
    refused = desk.post(FIND, asked)
    assert "reason" in refused.context["form"].errors
    assert not LookUp.objects.exists()
    found = desk.post(FIND, {**asked, "reason": "本人来电"})
    assert found["Location"].endswith(f"?person={patient.person}")
    assert make_resident_id() not in found["Location"]
    assert "王*兰" in desk.get(found["Location"]).content.decode()
    trace = LookUp.objects.get()
    assert (trace.person, trace.reason, trace.found) == (patient.person, "本人来电", 1)


def test_finding_by_phone(desk: Client, patient) -> None:
    found = desk.post(FIND, {"phone": "138 1234 6621", "reason": "本人来电"})
    assert "王*兰" in desk.get(found["Location"]).content.decode()
    assert LookUp.objects.get().what == f"accounts.user {patient.user_id}"


def test_nobody_found_is_said_and_traced(desk: Client) -> None:
    page = desk.post(FIND, {"document_type": "passport", "number": "E00000000", "reason": "核对信息"})
    assert "没有找到" in page.content.decode()
    assert LookUp.objects.get().found == 0


@pytest.mark.parametrize("asked", [{}, {"number": "E1", "phone": "13812346621"}, {"phone": "12"}])
def test_a_search_for_nothing_or_two_things_is_refused(desk: Client, asked: dict[str, str]) -> None:
    page = desk.post(FIND, {"document_type": "passport", "reason": "核对信息", **asked})
    assert page.context["form"].errors
    assert not LookUp.objects.exists()


def test_a_trace_cannot_be_changed(desk: Client, patient) -> None:
    desk.get(reverse("admin:accounts_patient_change", args=[patient.pk]))
    with pytest.raises(DatabaseError), transaction.atomic():
        LookUp.objects.update(reason="nothing happened")
    with pytest.raises(DatabaseError), transaction.atomic():
        LookUp.objects.all().delete()


def test_an_appointment_is_found_by_its_whole_reference(desk: Client, reference: str) -> None:
    address = reverse("admin:booking_appointment_changelist")
    spaced = f"{reference[:4]} {reference[4:8]} {reference[8:]}"
    assert reference in desk.get(f"{address}?q={spaced}").content.decode()
    assert len(desk.get(f"{address}?q={reference[:6]}").context["cl"].result_list) == 0


def test_appointments_and_history_are_only_looked_at(desk: Client, reference: str) -> None:
    for model in ("appointment", "appointmentevent", "message", "slotevent"):
        assert desk.get(reverse(f"admin:booking_{model}_changelist")).status_code == 200
        assert desk.get(reverse(f"admin:booking_{model}_add")).status_code == 403
    from booking.models import Appointment

    one = Appointment.objects.get()
    page = desk.get(reverse("admin:booking_appointment_change", args=[one.pk]))
    assert "预约" in page.content.decode()
    assert desk.post(reverse("admin:booking_appointment_change", args=[one.pk]), {"status": "X"}).status_code == 403
    assert desk.post(reverse("admin:booking_appointment_delete", args=[one.pk]), {"post": "yes"}).status_code == 403
