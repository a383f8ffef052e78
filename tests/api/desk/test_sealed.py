"""What a device said about somebody's health and nothing could be written of, read by a supervisor."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import LookUp
from booking.models import ActKind, DeskAct
from booking.operations.desk.carry_out import carry_out
from tests.desk_factories import make_act, make_desk, make_slot_now
from tests.factories import CLOCK, make_appointment, make_site, make_token

pytestmark = pytest.mark.django_db
SEEN = {"kind": "fainting", "action": "watched", "note": "脸色苍白", "began_at": None}


@pytest.fixture
def act():
    """A reaction of somebody whose visit nobody knows."""
    appointment = make_appointment(make_slot_now())
    nurse = make_desk(appointment.slot.site, "observation")
    told = make_act(ActKind.REACT, appointment, nurse, data=SEEN, offline=True)
    assert carry_out(told, site=appointment.slot.site, sent_by=nurse.pk, now=CLOCK).code == "no_visit"
    return DeskAct.objects.get()


def ask(act, by, site=None):
    headers = {"Authorization": f"Bearer {make_token(by, timezone.now())}"}
    query = {"site": (site or act.site).code}
    return Client().get(f"/api/v1/desk/conflicts/{act.pk}/sealed", query, headers=headers)


def test_a_supervisor_reads_it_and_leaves_a_trace(act):
    supervisor = make_desk(act.site, "supervisor")

    answer = ask(act, supervisor)

    assert (answer.status_code, answer.json()) == (200, {"said": SEEN})
    assert "no-store" in answer["Cache-Control"]
    look = LookUp.objects.get(kind="OPENED")
    assert (look.by, look.person, look.what) == (supervisor, act.appointment.person, f"booking.deskact {act.pk}")


def test_nobody_else_reads_it(act):
    elsewhere = make_site()

    assert ask(act, make_desk(act.site, "observation")).status_code == 403
    assert ask(act, make_desk(elsewhere, "supervisor"), elsewhere).status_code == 404
    assert not LookUp.objects.exists()


def test_an_act_that_keeps_nothing_sealed_has_nothing_to_read(act):
    other = make_appointment(act.appointment.slot, place=2)
    carry_out(make_act(ActKind.CALL, other, act.by, offline=True), site=act.site, sent_by=act.by_id, now=CLOCK)

    assert ask(DeskAct.objects.latest("pk"), make_desk(act.site, "supervisor")).status_code == 404
