"""Nobody rehearses where somebody real could be harmed."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client, override_settings

from booking.models import Programme
from booking.rehearsal import marked, targets
from booking.rehearsal.marked import holds_real_citizens, proof_of
from tests.factories import make_citizen, make_patient
from tests.rehearsal.servers import serving

pytestmark = pytest.mark.django_db


def _refused(address: str, tmp_path: Path) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("rehearse", people=5, address=[address], report=tmp_path)
    assert not Programme.objects.exists()
    return str(refused.value)


@override_settings(DEMONSTRATION=False, REHEARSAL=False)
def test_an_installation_that_is_not_marked_rehearses_nothing(tmp_path: Path) -> None:
    assert "neither a demonstration nor a rehearsal" in _refused("http://127.0.0.1:1", tmp_path)


@override_settings(DEMONSTRATION=False, REHEARSAL=True)
def test_one_that_holds_citizens_whom_nobody_made_up_rehearses_nothing(tmp_path: Path) -> None:
    make_patient()

    assert "whom no rehearsal has made up" in _refused("http://127.0.0.1:1", tmp_path)


@override_settings(DEMONSTRATION=False, REHEARSAL=True)
def test_made_up_citizens_and_those_who_work_there_are_no_real_ones() -> None:
    make_patient(make_citizen(username="rehearsal-00000001"))
    make_citizen(username="nurse", phone=None)
    assert not holds_real_citizens()

    make_citizen(username="citizen")

    assert holds_real_citizens()


def test_where_nothing_is_marked_there_is_no_such_address() -> None:
    path = "/api/v1/rehearsal?challenge=" + "a" * 32
    assert Client().get(path).json() == {"proof": proof_of("a" * 32)}

    with override_settings(DEMONSTRATION=False, REHEARSAL=False):
        answer = Client().get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("challenge", ["", "a" * 31, "A" * 32, "a" * 33, "x\n" + "a" * 30])
def test_only_a_challenge_is_answered(challenge: str) -> None:
    assert Client().get("/api/v1/rehearsal", {"challenge": challenge}).status_code == 404


@pytest.mark.parametrize("address", ["https://127.0.0.1", "ftp://127.0.0.1", "http://127.0.0.1/path", "http://"])
def test_what_is_no_web_machine_is_no_target(address: str, tmp_path: Path) -> None:
    assert "is no address of a web machine" in _refused(address, tmp_path)


def test_nobody_there_is_no_target(tmp_path: Path) -> None:
    assert "cannot be reached" in _refused("http://127.0.0.1:1", tmp_path)


def test_another_server_is_no_target(tmp_path: Path) -> None:
    with serving() as (host, port):
        assert "is another installation" in _refused(f"http://{host}:{port}", tmp_path)


@pytest.mark.django_db(transaction=True)
def test_a_web_machine_with_another_key_is_no_target(
    live_server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets.prove(targets.target_of(live_server.url))
    monkeypatch.setattr(targets, "proof_of", lambda challenge: marked.proof_of(challenge + "another key"))

    assert "is another installation" in _refused(live_server.url, tmp_path)


@pytest.mark.django_db(transaction=True)
def test_a_web_machine_that_is_not_marked_is_no_target(live_server, tmp_path: Path, settings) -> None:
    settings.REHEARSAL = True
    target = targets.target_of(live_server.url)
    settings.REHEARSAL = settings.DEMONSTRATION = False

    with pytest.raises(targets.NotATarget, match="not marked for rehearsals"):
        targets.prove(target)


@pytest.mark.django_db(transaction=True)
def test_a_web_machine_with_another_ledger_is_found_out(live_server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "_SEES_WITHIN", 0.2)

    with pytest.raises(targets.NotATarget, match="has another one"):
        targets.wait_until_seen([targets.target_of(live_server.url)], "dress-rehearsal")
