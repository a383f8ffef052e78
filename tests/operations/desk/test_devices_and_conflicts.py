"""What we know of a device, and what supervisors say of what contradicts."""

import uuid
from datetime import timedelta

import pytest

from booking.models import ActKind, ConflictAnswer, DeskDevice
from booking.operations.desk.answer_conflict import answer_conflict
from booking.operations.desk.receive import receive
from booking.operations.desk.refusals import NotYourPost
from booking.operations.desk.report_device import LastKnown, Report, report_device
from booking.operations.refusals import NotFound
from booking.queries.desk.conflicts import open_conflict_count, open_conflicts
from tests.desk_factories import make_act, make_desk, make_expected
from tests.factories import CLOCK, make_site

pytestmark = pytest.mark.django_db

DEVICE = uuid.UUID(int=7)


def test_a_device_that_has_lost_its_storage_learns_what_it_had(site, desk, now):
    [first, second] = make_expected(site, 2)
    acts = [
        make_act(ActKind.CHECK_IN, first, desk, device=DEVICE, sequence=41),
        make_act(ActKind.CHECK_IN, second, desk, device=DEVICE, sequence=40),
    ]
    before = receive(acts, Report(DEVICE, "登记台 1", pending=5), site=site, sent_by=desk.pk, now=now)

    later = now + timedelta(hours=1)
    known = report_device(Report(DEVICE, "登记台 1", pending=0), site=site, user_id=desk.pk, now=later)

    assert before.known is None
    assert [answer.outcome for answer in before.answers] == ["done", "done"]
    assert known == LastKnown(seen_at=now, pending=5, last_sequence=41)
    device = DeskDevice.objects.get()
    assert (device.pending, device.last_sequence, device.seen_at) == (0, 41, later)


def test_what_did_not_come_does_not_count_as_arrived(site, desk, now):
    [somebody] = make_expected(site, 1)
    act = make_act(ActKind.CHECK_IN, somebody, desk, device=DEVICE, sequence=9, after="never-came")

    receive([act], Report(DEVICE, "登记台 1", pending=1), site=site, sent_by=desk.pk, now=now)

    assert DeskDevice.objects.get().last_sequence == 0


@pytest.fixture
def conflict(site, desk, scan):
    [somebody] = make_expected(site, 1)
    scan(somebody)
    scan(somebody, offline=True, desk="登记台 2", received=CLOCK + timedelta(hours=1))
    return open_conflicts(site)[0]


def test_a_conflict_says_what_there_is_to_know(conflict):
    assert (conflict.kind, conflict.code, conflict.desk) == ("CHECK_IN", "checked_in_elsewhere", "登记台 2")
    assert (conflict.by, conflict.ticket, conflict.offline) == ("刘敏", 1, True)
    assert conflict.facts["desk"] == "登记台 1"


def test_the_newest_conflict_comes_first(site, scan, conflict):
    [other] = make_expected(site, 1)
    scan(other)
    scan(other, offline=True, received=CLOCK + timedelta(hours=2))

    assert [found.id == conflict.id for found in open_conflicts(site)] == [False, True]


def test_an_answered_conflict_is_open_no_more_and_the_first_answer_stands(site, conflict, now):
    supervisor, another = make_desk(site, "supervisor"), make_desk(site, "supervisor")

    for who, decision in ((supervisor, "seen"), (another, "mistake")):
        answer_conflict(site=site, act_id=conflict.id, decision=decision, note="两台都扫了", by=who.pk, now=now)

    assert open_conflict_count(site) == 0
    answer = ConflictAnswer.objects.get()
    assert (answer.decision, answer.by) == ("seen", supervisor)


def test_only_a_supervisor_of_the_site_answers(site, desk, conflict, now):
    elsewhere = make_site()
    stranger = make_desk(elsewhere, "supervisor")

    with pytest.raises(NotYourPost):
        answer_conflict(site=site, act_id=conflict.id, decision="seen", by=desk.pk, now=now)
    with pytest.raises(NotFound):
        answer_conflict(site=elsewhere, act_id=conflict.id, decision="seen", by=stranger.pk, now=now)
    with pytest.raises(ValueError, match="not a decision"):
        answer_conflict(site=site, act_id=conflict.id, decision="whatever", by=desk.pk, now=now)
    assert open_conflict_count(site) == 1
