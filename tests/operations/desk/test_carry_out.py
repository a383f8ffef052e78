"""An act is carried out once, by whoever may, after what it follows."""

import logging
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError

from booking.models import ActKind, Appointment, DeskAct, VaccinationRecord, Visit
from booking.operations.desk import carry_out as carrying_out
from booking.operations.desk.carry_out_batch import carry_out_batch
from booking.operations.refusals import SlotFull
from sites.models import StaffMember
from tests.desk_factories import make_act, make_batch, make_desk, make_expected
from tests.factories import CLOCK, make_appointment, make_site, make_slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def check_in(site, desk):
    [appointment] = make_expected(site, 1)
    return make_act(ActKind.CHECK_IN, appointment, desk)


def test_a_repeat_gets_the_first_answer(check_in, tell):
    first = tell(check_in)
    again = tell(check_in)

    assert again == replace(first, repeated=True)
    assert DeskAct.objects.count() == Visit.objects.count() == 1


def test_a_refused_act_leaves_nothing_behind_and_is_judged_anew(site, desk, tell):
    appointment = make_appointment(make_slot(site, starts_at=CLOCK + timedelta(minutes=61)))
    act = make_act(ActKind.CHECK_IN, appointment, desk)

    assert tell(act).outcome == "refused"
    assert not DeskAct.objects.exists()
    assert tell(replace(act, happened_at=CLOCK + timedelta(minutes=2))).outcome == "done"


def test_a_key_that_comes_for_something_else_is_refused(check_in, tell, site, desk):
    tell(check_in)
    [other] = make_expected(site, 1)

    assert tell(replace(check_in, reference=other.reference)).code == "request_key_reused"
    assert tell(replace(check_in, kind=ActKind.UNDO_CHECK_IN)).code == "request_key_reused"


def test_an_act_waits_for_the_one_before_it(check_in, tell):
    undone = replace(check_in, key="the-undo", after=check_in.key, kind=ActKind.UNDO_CHECK_IN, sequence=10**6)

    early = tell(undone)

    assert (early.outcome, early.code) == ("not_yet", "not_here")
    assert not DeskAct.objects.exists()
    assert [tell(check_in).outcome, tell(undone).outcome] == ["done", "done"]


def test_another_devices_act_is_not_the_one_before(check_in, tell):
    tell(check_in)

    stranger = replace(check_in, device=uuid.uuid4(), key="another", after=check_in.key, kind=ActKind.UNDO_CHECK_IN)

    assert tell(stranger).outcome == "not_yet"


def test_a_clock_that_is_ahead_does_not_put_anything_into_the_future(check_in, tell):
    tell(replace(check_in, happened_at=CLOCK + timedelta(minutes=20)), received=CLOCK)

    assert DeskAct.objects.get().happened_at == Visit.objects.get().arrived_at == CLOCK


@pytest.mark.parametrize("at", [CLOCK.replace(tzinfo=None), CLOCK.replace(year=1970)], ids=["naive", "no clock"])
def test_a_time_that_cannot_be_is_no_time(check_in, tell, at):
    with pytest.raises(ValueError, match="no time"):
        tell(replace(check_in, happened_at=at), received=CLOCK)


def test_without_the_post_it_is_refused(site, tell):
    [appointment] = make_expected(site, 1)
    observer, stranger = make_desk(site, "observation"), make_desk(make_site())

    for who in (observer, stranger):
        answer = tell(make_act(ActKind.CHECK_IN, appointment, who))
        assert (answer.outcome, answer.code) == ("refused", "not_your_post")
    assert not Visit.objects.exists()


def test_whose_post_ended_before_the_network_came_back_did_what_they_did(site, desk, tell):
    [appointment] = make_expected(site, 1)
    StaffMember.objects.filter(user=desk).update(is_active=False)

    answer = tell(make_act(ActKind.CHECK_IN, appointment, desk, offline=True))

    assert (answer.outcome, answer.code, answer.facts["done"]) == ("conflict", "not_your_post", "on_time")
    assert Visit.objects.count() == 1


def test_saying_that_there_was_no_network_gives_nobody_a_post(site, tell):
    [appointment] = make_expected(site, 1)

    answer = tell(make_act(ActKind.CHECK_IN, appointment, make_desk(site, "observation"), offline=True))

    assert (answer.outcome, answer.code) == ("conflict", "not_your_post")
    assert not Visit.objects.exists()
    assert DeskAct.objects.get().appointment == appointment


def test_a_supervisor_sends_what_a_colleagues_device_has_kept(site, check_in, tell):
    supervisor = make_desk(site, "supervisor")

    assert tell(check_in, sent_by=supervisor.pk).outcome == "done"
    row = DeskAct.objects.get()
    assert (row.by_id, row.sent_by) == (check_in.by, supervisor)


def test_another_colleague_does_not_and_the_device_keeps_it(site, check_in, tell):
    colleague = make_desk(site)

    online = tell(check_in, sent_by=colleague.pk)
    offline = tell(replace(check_in, offline=True), sent_by=colleague.pk)

    assert (online.outcome, online.code) == ("refused", "not_your_post")
    assert (offline.outcome, offline.code) == ("not_yet", "not_yours_to_send")
    assert not DeskAct.objects.exists()


def test_another_sites_appointment_does_not_exist_for_anything_but_a_scan(desk, tell):
    elsewhere = make_appointment(make_slot())

    answer = tell(make_act(ActKind.UNDO_CHECK_IN, elsewhere, desk))

    assert (answer.outcome, answer.code) == ("refused", "not_found")


def test_a_dose_is_a_fact_whoever_says_so(site, check_in, tell):
    tell(check_in)
    appointment = Appointment.objects.get()
    make_batch(site, appointment.programme.vaccine)
    data = {"batch": "FLU2611", "body_site": "left_arm", "route": "intramuscular"}

    answer = tell(make_act(ActKind.VACCINATE, appointment, make_desk(make_site()), offline=True, data=data))

    assert answer.outcome == "conflict"
    assert VaccinationRecord.objects.get().appointment == appointment


def test_a_handler_that_refuses_what_has_happened_is_not_heard(check_in, tell, monkeypatch):
    def refuses(act, scene, *, now):
        Appointment.objects.update(status="CHECKED_IN")
        raise SlotFull()

    monkeypatch.setitem(carrying_out.HANDLERS, ActKind.CHECK_IN, refuses)

    answer = tell(replace(check_in, offline=True))

    assert (answer.outcome, answer.code) == ("conflict", "slot_full")
    assert DeskAct.objects.get().appointment.status == "BOOKED"


def test_who_has_to_step_back_for_another_tries_once_more(check_in, site, now, monkeypatch):
    handler, tries = carrying_out.HANDLERS[ActKind.CHECK_IN], []

    def deadlocked_first(act, scene, *, now):
        tries.append(act)
        if len(tries) == 1:
            raise OperationalError("deadlock detected")
        return handler(act, scene, now=now)

    monkeypatch.setitem(carrying_out.HANDLERS, ActKind.CHECK_IN, deadlocked_first)

    [answer] = carry_out_batch([check_in], site=site, sent_by=check_in.by, now=now)

    assert (answer.outcome, answer.facts["ticket"]) == ("done", 1)


def test_a_batch_is_carried_out_in_the_order_in_which_it_was_done(site, desk, now):
    late, early = make_expected(site, 2)
    acts = [
        make_act(ActKind.CHECK_IN, late, desk, at=CLOCK - timedelta(minutes=1)),
        make_act(ActKind.CHECK_IN, early, desk, at=CLOCK - timedelta(minutes=2)),
    ]

    answers = carry_out_batch(acts, site=site, sent_by=desk.pk, now=now)

    assert [answer.key for answer in answers] == [act.key for act in acts]
    assert [answer.facts["ticket"] for answer in answers] == [2, 1]


def test_a_batch_goes_by_what_follows_what_when_a_clock_was_put_right(check_in, site, now):
    undone = replace(
        check_in,
        key="the-undo",
        after=check_in.key,
        kind=ActKind.UNDO_CHECK_IN,
        sequence=check_in.sequence + 1,
        happened_at=CLOCK - timedelta(minutes=3),
    )

    answers = carry_out_batch([undone, check_in], site=site, sent_by=check_in.by, now=now)

    assert [answer.outcome for answer in answers] == ["done", "done"]


def test_nothing_in_a_batch_stops_the_rest_and_no_log_names_anybody(site, desk, now, monkeypatch, caplog):
    people = make_expected(site, 3)
    acts = [make_act(ActKind.CHECK_IN, person, desk) for person in people]
    acts.append(replace(acts[0], key="no-time", happened_at=CLOCK.replace(tzinfo=None)))
    handler = carrying_out.HANDLERS[ActKind.CHECK_IN]

    def breaks(act, scene, *, now):
        if act.reference == people[1].reference:
            raise RuntimeError(f"王秀兰 {act.reference}")
        return handler(act, scene, now=now)

    monkeypatch.setitem(carrying_out.HANDLERS, ActKind.CHECK_IN, breaks)
    with caplog.at_level(logging.ERROR):
        answers = carry_out_batch(acts, site=site, sent_by=desk.pk, now=now)

    assert [answer.outcome for answer in answers] == ["done", "error", "done", "error"]
    assert Appointment.objects.filter(status="CHECKED_IN").count() == 2
    assert "RuntimeError" in caplog.text
    assert "王秀兰" not in caplog.text
    assert people[1].reference not in caplog.text
