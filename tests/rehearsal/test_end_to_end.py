"""200 people rehearse over real HTTP: what they were told is true, the report says it, and nothing is left."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Patient, User
from booking.admission.connection import connection as gate
from booking.models import Appointment, Message, Programme, Slot
from booking.operations.freed_places.holder import _nobody
from booking.queries.load_gate import load_slot
from booking.rehearsal import conduct as conducting
from booking.rehearsal.clean import clean
from booking.rehearsal.curves import CURVES
from booking.rehearsal.ground import CODE, people_the_city
from booking.rehearsal.verdict import judge
from tests.factories import CLOCK, make_appointment, make_slot
from tests.rehearsal.stage import HASTY, make_sites, rehearse, rows_of_every_table

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _account_of_freed_places() -> None:
    """The installation's own, made with the first place that is given up: it is no rehearsal's and stays."""
    _nobody()


def test_a_hundred_places_go_to_a_hundred_of_two_hundred_people(live_server, tmp_path: Path) -> None:
    make_sites(3)

    course = rehearse(live_server.url, tmp_path)

    measures = course.measures
    assert measures.people == 200
    assert course.ground.places == 100
    assert sum(measures.outcomes.values()) == 200
    assert 90 <= measures.booked <= 100
    assert [name for names in measures.names.values() for name in names if name.startswith("5")] == []
    verdict = judge(course.journal, CODE)
    assert verdict.holds
    assert verdict.promised == measures.booked == Appointment.objects.count()
    assert not Message.objects.filter(sent_at__isnull=False).exists()


def test_the_command_reports_and_leaves_every_table_and_the_gate_as_they_were(
    live_server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_sites(3)
    # Somebody's appointment, and what the gate knows of its slot, are none of the rehearsal's.
    kept = make_appointment(make_slot())
    load_slot(kept.slot_id, now=CLOCK)
    before, keys = rows_of_every_table(), set(gate().client.keys("slot:*"))
    monkeypatch.setitem(CURVES, "scarce", HASTY)

    call_command(
        "rehearse", people=60, minutes=0.05, places=30, curve="scarce", address=[live_server.url], report=tmp_path,
        seed=1, language="en",
    )  # fmt: skip

    assert rows_of_every_table() == before
    assert Appointment.objects.get().pk == kept.pk
    assert set(gate().client.keys("slot:*")) == keys
    assert gate().client.keys("hold:*") == []
    [folder] = tmp_path.iterdir()
    figures = json.loads((folder / "rehearsal.json").read_text())
    assert figures["verdict"]["holds"] is True
    assert figures["people"]["came"] == 60
    assert figures["settings"]["seed"] == 1
    page = (folder / "report.html").read_text()
    assert "Every promise was kept" in page
    assert "<script" not in page
    assert "http://www" not in page
    assert "Every promise was kept." in capsys.readouterr().out


def test_what_an_interrupted_rehearsal_left_is_removed_when_asked(tmp_path: Path, live_server) -> None:
    make_sites(2)
    before = rows_of_every_table()
    rehearse(live_server.url, tmp_path, people=40, places=20)
    with pytest.raises(CommandError, match="--clean"):
        call_command("rehearse", people=10, address=[live_server.url], report=tmp_path)
    assert Programme.objects.filter(code=CODE).exists()

    call_command("rehearse", clean=True)

    assert rows_of_every_table() == before
    assert clean().rows == {}


def test_one_that_fails_in_its_middle_removes_everything(
    live_server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sites(1)
    before = rows_of_every_table()

    def stop(self, *args, **kwargs) -> None:
        assert Slot.objects.filter(programme__code=CODE).exists()
        raise ZeroDivisionError

    monkeypatch.setattr(conducting.Engine, "run", stop)

    with pytest.raises(ZeroDivisionError):
        call_command("rehearse", people=10, address=[live_server.url], report=tmp_path)
    assert rows_of_every_table() == before


def test_ctrl_c_ends_it_early_with_a_report(live_server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_sites(1)
    before = rows_of_every_table()
    run = conducting.Engine.run

    def interrupted(self, arrivals, *, until, each_second) -> None:
        run(self, arrivals, until=self.clock() + 1, each_second=each_second)
        raise KeyboardInterrupt

    monkeypatch.setattr(conducting.Engine, "run", interrupted)

    call_command("rehearse", people=20, minutes=0.05, address=[live_server.url], report=tmp_path)

    [folder] = tmp_path.iterdir()
    assert json.loads((folder / "rehearsal.json").read_text())["stopped"] is True
    assert rows_of_every_table() == before


def test_its_citizens_have_no_phone_and_some_have_a_family() -> None:
    made = people_the_city(50, now=CLOCK)

    assert 40 <= [len(citizen.relatives) for citizen in made].count(0) <= 43
    assert {len(citizen.relatives) for citizen in made} == {0, 1, 2}
    ours = User.objects.filter(pk__in=[citizen.user_id for citizen in made])
    assert not ours.exclude(phone_index=None, email_index=None).exists()
    people = list(Patient.objects.filter(user__in=ours).values_list("person", flat=True))
    assert len(set(people)) == len(people)
