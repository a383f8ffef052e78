"""From the announcement to the appointments."""

import hashlib
from datetime import timedelta

import pytest

from booking.models import Appointment, DrawState, Message
from booking.queries.audit import audit
from booking.queries.draw_entries import line_by_code, my_entries
from booking.queries.draws import draw_facts, draw_sites, entries_in, progress, published
from booking.rules.draw import commitment_of
from booking.rules.draw_file import check
from tests.draw_factories import AFTER, CLOSES, DURING, have_drawn, make_draw, make_draw_slot, make_entry
from tests.factories import CLOCK

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_draw_from_its_announcement_to_the_appointments():
    slot = make_draw_slot(places=2)
    draw = make_draw(slot)
    assert draw_facts(draw.pk, now=CLOCK).state == "announced"
    assert draw_facts(draw.pk, now=DURING).state == "open"
    assert [(one.site.code, one.places) for one in draw_sites(draw.pk)] == [(slot.site.code, 2)]
    entries = [make_entry(draw, sites=[slot.site.code]) for _ in range(5)]
    assert entries_in(draw.pk) == 5
    assert draw_facts(draw.pk, now=CLOSES).seed == ""
    assert published(draw.pk) is None

    draw = have_drawn(draw)

    facts = draw_facts(draw.pk, now=AFTER)
    assert (facts.state, draw.state) == ("drawn", DrawState.DRAWN)
    assert commitment_of(facts.seed) == facts.commitment
    file = published(draw.pk)
    assert file.is_whole
    assert hashlib.sha256(file.content).hexdigest() == facts.digest == file.digest
    checked = check(file.content)
    assert checked.entries_digest == facts.entries_digest
    assert sum(one.slot == slot.pk for one in checked.drawn) == 2
    assert progress(draw.pk).outcomes == {"BOOKED": 2, "NOT_PLACED": 3}
    booked = Appointment.objects.order_by("place")
    assert [(row.slot_id, row.place, row.status) for row in booked] == [(slot.pk, 1, "BOOKED"), (slot.pk, 2, "BOOKED")]
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["NOT_DRAWN"] * 3 + ["PLACED_BY_DRAW"] * 2
    assert audit(now=AFTER).is_clean
    for entry in entries:
        line = line_by_code(draw.pk, entry.code.lower())
        (mine,) = my_entries(_account_of(entry), now=AFTER)
        assert line.rank == mine.rank is not None
        assert (mine.reference is not None) == (line.place is not None)


def _account_of(entry):
    from accounts.models import Patient

    return Patient.objects.get(pk=entry.patient_id).user_id


def test_what_is_published_when_the_entries_close_is_how_the_file_begins():
    from booking.operations.draws.advance import advance_draws

    draw = make_draw()
    make_entry(draw)
    advance_draws(now=CLOSES + timedelta(seconds=1))
    at_closing = published(draw.pk)

    have_drawn(draw)

    assert not at_closing.is_whole
    assert published(draw.pk).content.startswith(at_closing.content)
    assert draw_facts(draw.pk, now=AFTER).entries_digest == at_closing.digest
