"""The citizens of a rehearsal: each can book whatever is open to everybody."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from accounts.models import Patient, User
from booking.demo.fair.programmes import FAIR_PROGRAMMES
from booking.demo.programmes import PROGRAMMES, load_programmes
from booking.models import Appointment, ReleaseMode
from booking.operations.book import book
from tests.factories import make_slot

pytestmark = pytest.mark.django_db


@override_settings(REHEARSAL=True)
def test_each_has_a_patient_whom_every_open_programme_accepts(tmp_path: Path) -> None:
    programmes = load_programmes([*PROGRAMMES, *FAIR_PROGRAMMES]).values()
    soon = timezone.now() + timedelta(days=3)

    call_command("make_citizens", "2", out=tmp_path / "citizens")

    made = [json.loads(line) for line in (tmp_path / "citizens").read_text().splitlines()]
    assert len({one["token"] for one in made}) == len(made) == User.objects.count() == 2
    for programme in programmes:
        # One is made open in the demonstration before it is given its cohorts.
        if programme.release_mode != ReleaseMode.OPEN or programme.code == "ppv23":
            continue
        slot = make_slot(programme=programme, starts_at=soon, opens_at=timezone.now() - timedelta(days=1))
        for one in made:
            account = Patient.objects.get(pk=one["patient"]).user_id
            book(
                account_id=account, patient_id=Patient.objects.get(pk=one["patient"]).pk, slot_id=slot.pk,
                request_key=f"rehearsal-{programme.code}", now=timezone.now(),
            )  # fmt: skip
    assert Appointment.objects.live().count() == 2 * 5


@override_settings(REHEARSAL=True)
def test_their_messages_can_be_written_for_them(tmp_path: Path) -> None:
    call_command("make_citizens", "1", out=tmp_path / "citizens")

    [user] = User.objects.all()

    assert user.email is None
    assert str(user.phone).startswith("+86100")
