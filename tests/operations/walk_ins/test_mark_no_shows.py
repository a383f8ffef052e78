"""Whoever did not come is marked so an hour after their slot, and may still be revived."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from booking.models import ActKind, AppointmentEvent, HourFigure, Status
from booking.operations.count_figures import count_figures
from booking.operations.desk.carry_out import carry_out
from booking.operations.desk.carry_out_batch import carry_out_batch
from booking.operations.walk_ins.mark_no_shows import mark_no_shows
from tests.desk_factories import make_act, make_batch, make_desk
from tests.factories import make_appointment
from tests.operations.walk_ins.scenes import late_people, slot_at
from tests.races.shift import BATCH, WHOLE_WAY

pytestmark = pytest.mark.django_db


def test_an_hour_after_the_slot_ended_whoever_was_not_there_is_a_no_show(now):
    row = make_appointment(slot_at(now, -90))

    assert mark_no_shows(now=now) == 1

    row.refresh_from_db()
    event = AppointmentEvent.objects.get(appointment=row)
    assert (row.status, row.place) == ("NO_SHOW", 1)
    assert (event.kind, event.by, event.at) == ("NO_SHOW", None, now)


def test_a_minute_before_that_nobody_is(now):
    make_appointment(slot_at(now, -89))

    assert mark_no_shows(now=now) == 0


def test_a_city_may_wait_longer(now, settings):
    settings.NO_SHOW_MINUTES = 120
    make_appointment(slot_at(now, -149))

    assert mark_no_shows(now=now) == 0


@pytest.mark.parametrize("status", [Status.CHECKED_IN, Status.FULFILLED, Status.CANCELLED])
def test_whoever_was_there_or_gave_it_up_is_left_alone(now, status):
    row = make_appointment(slot_at(now, -90), status=status)

    mark_no_shows(now=now)

    row.refresh_from_db()
    assert row.status == status


def test_twice_is_once(now):
    slot = slot_at(now, -90)
    late_people(slot, 5)

    assert (mark_no_shows(now=now, batch=2), mark_no_shows(now=now)) == (5, 0)
    assert AppointmentEvent.objects.filter(kind="NO_SHOW").count() == 5


def test_what_a_desk_did_meanwhile_without_the_network_revives_them(now):
    row = make_appointment(slot_at(now, -90))
    by = make_desk(row.slot.site)
    act = make_act(ActKind.CHECK_IN, row, by, at=now - timedelta(minutes=80), offline=True, data={"how": "scan"})
    mark_no_shows(now=now)

    carry_out(act, site=row.slot.site, sent_by=by.pk, now=now)

    row.refresh_from_db()
    assert row.status == "CHECKED_IN"


def test_a_whole_visit_without_the_network_takes_the_no_show_out_of_the_figures(now):
    row = make_appointment(slot_at(now, -90))
    by = make_desk(row.slot.site, "registration", "screening", "vaccination", "observation")
    make_batch(row.slot.site, row.programme.vaccine, number=BATCH)
    device = {"device": uuid.uuid4(), "offline": True}
    acts = [
        make_act(kind, row, by, at=now + timedelta(minutes=minutes - 110), data=data, **device)
        for kind, minutes, data in WHOLE_WAY
    ]
    mark_no_shows(now=now)
    day = timezone.localdate(row.slot.starts_at)
    count_figures(day, now=now)
    assert figures() == [(1, 0, 0, 1)]

    answers = carry_out_batch(acts, site=row.slot.site, sent_by=by.pk, now=now)
    count_figures(day, now=now + timedelta(minutes=10))

    row.refresh_from_db()
    assert [answer.outcome for answer in answers] == ["done"] * len(acts)
    assert (answers[0].code, row.status, mark_no_shows(now=now)) == ("revived", "FULFILLED", 0)
    assert figures() == [(1, 0, 1, 0)]


def figures():
    return list(HourFigure.objects.values_list("taken", "checked_in", "fulfilled", "no_show"))
