"""What can be announced, and that it can be called off while nobody knows who wins."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from booking.models import Draw, DrawState, ReleaseMode
from booking.operations.draws.advance import advance_draws
from booking.operations.draws.announce import announce, call_off
from booking.operations.draws.refusals import CannotAnnounce, CannotDraw
from booking.operations.draws.run import run_draw
from booking.operations.refusals import NotFound
from booking.queries.draws import draw_facts
from booking.rules.draw import commitment_of
from tests.draw_factories import AFTER, CLOSES, FIRST, OPENS, have_drawn, make_draw, make_draw_slot, said_of
from tests.factories import CLOCK, make_administrator, make_programme

pytestmark = pytest.mark.django_db(transaction=True)


def refused(said):
    with pytest.raises(CannotAnnounce) as error:
        announce(said, by=make_administrator().pk, now=CLOCK)
    return error.value.facts["reason"]


def test_the_seed_is_64_digits_that_nobody_sees_and_its_digest_is_told():
    one, other = make_draw(), make_draw()

    assert re.fullmatch("[0-9a-f]{64}", one.seed)
    assert one.seed != other.seed
    assert draw_facts(one.pk, now=CLOCK).commitment == commitment_of(one.seed)
    assert draw_facts(one.pk, now=CLOCK).seed == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seed FROM booking_draw WHERE id = %s", [one.pk])
        assert one.seed.encode() not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"opens_at": CLOCK}, "opens_in_the_past"),
        ({"closes_at": OPENS}, "closes_before_it_opens"),
        ({"last_day": FIRST - timedelta(days=1)}, "days_in_wrong_order"),
        ({"first_day": CLOSES.date()}, "days_before_it_closes"),
        ({"public_source": " "}, "no_source"),
        ({"public_source_en": ""}, "no_source"),
        ({"first_day": FIRST + timedelta(days=1)}, "no_places"),
    ],
)
def test_a_draw_that_could_not_be_is_not_announced(fields, reason):
    assert refused(said_of(make_draw_slot().programme, **fields)) == reason
    assert not Draw.objects.exists()


def test_only_a_programme_that_is_released_by_draw_is_drawn():
    slot = make_draw_slot(make_programme(release_mode=ReleaseMode.OPEN))

    assert refused(said_of(slot.programme)) == "not_by_draw"
    with pytest.raises(NotFound):
        announce(said_of(slot.programme, programme_id=0), by=make_administrator().pk, now=CLOCK)


def test_no_place_is_drawn_twice():
    slot = make_draw_slot()
    draw = make_draw(slot)

    assert refused(said_of(slot.programme)) == "days_overlap"
    call_off(draw_id=draw.pk, now=CLOCK)
    make_draw(slot)


def test_a_round_follows_one_that_is_over_and_only_one_follows_it():
    slot = make_draw_slot()
    later = make_draw_slot(slot.programme, day=10)
    draw = make_draw(slot)
    days = {"first_day": FIRST + timedelta(days=10), "last_day": FIRST + timedelta(days=12)}
    said = said_of(later.programme, previous_id=draw.pk, **days)

    assert refused(said) == "previous_not_over"
    have_drawn(draw)
    times = {"now": AFTER, "opens_at": AFTER + timedelta(hours=1), "closes_at": AFTER + timedelta(days=2)}
    second = make_draw(later, previous_id=draw.pk, **days, **times)
    call_off(draw_id=second.pk, now=AFTER)
    with pytest.raises(CannotAnnounce) as error:
        make_draw(later, previous_id=draw.pk, **days, **times)
    assert error.value.facts["reason"] == "previous_has_next"
    with pytest.raises(NotFound):
        make_draw(later, previous_id=uuid4(), **days, **times)


def test_a_draw_is_called_off_until_its_public_value_is_entered():
    draw = make_draw()
    advance_draws(now=AFTER)

    assert call_off(draw_id=draw.pk, now=AFTER).state == DrawState.CALLED_OFF
    assert call_off(draw_id=draw.pk, now=AFTER).state == DrawState.CALLED_OFF
    with pytest.raises(CannotDraw) as error:
        run_draw(draw_id=draw.pk, public_value="1", by=draw.made_by_id, now=AFTER)
    assert error.value.facts["reason"] == "called_off"

    drawn = have_drawn(make_draw())
    with pytest.raises(CannotDraw):
        call_off(draw_id=drawn.pk, now=AFTER)
