"""What a supervisor looks after: acts that contradict the ledger, and devices that still keep some."""

import uuid
from datetime import timedelta

import pytest

from booking.models import ConflictAnswer, DeskAct, DeskDevice, Outcome
from tests.desk_factories import make_desk
from tests.factories import CLOCK


@pytest.fixture
def conflict(site):
    by = make_desk(site)
    facts = {"reference": "123456789012", "sealed": "about somebody's health"}
    return DeskAct.objects.create(
        key="key-of-the-device", site=site, device=uuid.uuid4(), sequence=1, kind="CHECK_IN", desk="登记台 1", by=by,
        sent_by=by, happened_at=CLOCK, received_at=CLOCK, offline=True, outcome=Outcome.CONFLICT, code="unknown",
        facts=facts,
    )  # fmt: skip


def test_open_conflicts_are_told_in_words_and_without_what_is_sealed(supervisor, conflict):
    answer = supervisor.get("conflicts?site=A1")

    (told,) = answer.json()["results"]
    assert (told["id"], told["key"], told["kind"], told["by"]) == (conflict.pk, conflict.key, "check_in", "刘敏")
    assert told["detail"] == "系统里没有这个预约号。请值班长核对。"
    assert told["facts"] == {"reference": "123456789012"}


@pytest.mark.parametrize("named", ["id", "key"])
def test_the_first_answer_stands_and_the_conflict_is_open_no_more(supervisor, conflict, named):
    which = {named: getattr(conflict, "pk" if named == "id" else "key")}

    first = supervisor.post("conflicts", {"site": "A1", "decision": "seen", "note": "核对过", **which})
    second = supervisor.post("conflicts", {"site": "A1", "decision": "mistake", **which})

    assert first.status_code == second.status_code == 200
    assert second.json() == first.json()
    assert first.json()["decision"] == ConflictAnswer.objects.get().decision == "seen"
    assert supervisor.get("conflicts?site=A1").json()["results"] == []


@pytest.mark.parametrize("wrong", [{}, {"id": 1, "key": "k"}, {"id": 1, "decision": "burn"}])
def test_which_one_and_what_was_decided_must_be_said(supervisor, conflict, wrong):
    assert supervisor.post("conflicts", {"site": "A1", "decision": "seen", **wrong}).status_code == 400


def test_a_key_that_nobody_has_is_not_found(supervisor, conflict):
    assert supervisor.post("conflicts", {"site": "A1", "decision": "seen", "key": "other"}).status_code == 404


def test_devices_are_told_with_what_they_still_keep_last_seen_first(site, other, supervisor):
    user = make_desk(site)
    for where, days, pending in ((site, 1, 3), (site, 0, 0), (site, 15, 9), (other, 0, 5)):
        DeskDevice.objects.create(
            site=where, desk="登记台", user=user, seen_at=CLOCK - timedelta(days=days), pending=pending
        )

    told = supervisor.get("devices?site=A1").json()["results"]

    assert [(one["pending"], one["user"]) for one in told] == [(0, "刘敏"), (3, "刘敏")]


@pytest.mark.parametrize("path", ["conflicts", "devices"])
def test_they_are_for_supervisors(registration, path):
    answer = registration.get(f"{path}?site=A1")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_post")
