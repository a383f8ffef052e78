"""What the city sees of a draw, its rehearsal, the public value, and calling it off."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from booking.models import Appointment, Draw, DrawEntry, DrawState, Message
from booking.operations.draws.dry_run import dry_run
from booking.operations.draws.run import carry_on
from tests.admin.draws.conftest import at
from tests.draw_factories import AFTER, DURING, make_entry
from tests.web.journey.conftest import text_of

pytestmark = pytest.mark.django_db(transaction=True)
VALUE = "3387.46"


@pytest.fixture
def entered(office, clock):
    """Three who want the one place of a site, one who wants the other and the first, one who takes anything."""
    draw = office.announced()
    for _ in range(3):
        make_entry(draw, sites=["THERE"])
    make_entry(draw, sites=["HERE", "THERE"])
    make_entry(draw)
    clock.move_to(DURING)
    return draw


@pytest.fixture
def closed(office, entered, clock):
    from booking.operations.draws.advance import advance_draws

    clock.move_to(AFTER)
    advance_draws(now=AFTER)
    entered.refresh_from_db()
    return entered


def test_before_the_draw_there_are_numbers_and_no_names(entered, city):
    page = city.get(at("show", entered))

    counts = page.context["counts"]
    assert (counts.entered, counts.any_site, counts.again, counts.withdrawn) == (5, 1, 0, 0)
    rows = [(row["site"].code, row["places"], row["first"], row["named"]) for row in page.context["sites"]]
    assert rows == [("THERE", 1, 3, 4), ("HERE", 6, 1, 1)]
    said = page.content.decode()
    for entry in DrawEntry.objects.select_related("patient"):
        assert entry.code not in said
        assert entry.patient.name not in said


def test_the_seed_is_on_no_page_of_the_admin_before_it_drew(closed, city):
    seed = str(Draw.objects.get().seed)

    for address in (at("changelist"), at("show", closed), at("dry_run", closed), at("history", closed)):
        answer = city.get(address)
        assert answer.status_code == 200
        assert seed not in answer.content.decode()


def test_entries_have_no_page_in_the_admin():
    from django.contrib import admin

    assert DrawEntry not in admin.site._registry


def test_a_rehearsal_shows_what_it_would_come_to_and_touches_nothing(entered, city):
    before = list(DrawEntry.objects.order_by("pk").values())

    page = city.get(at("dry_run", entered))

    found = page.context["found"]
    assert (found.entries, found.places, found.placed, found.not_placed) == (5, 7, 3, 2)
    assert found.first_wish + found.other_wish + found.another_site == 3
    assert sum(given for _has, given in found.by_site.values()) == 3
    assert list(DrawEntry.objects.order_by("pk").values()) == before
    assert not Appointment.objects.exists()
    assert Draw.objects.get().state == DrawState.ANNOUNCED


def test_rehearsals_differ_from_each_other_and_do_not_foretell_the_draw(office, clock):
    draw = office.announced()
    names = [make_entry(draw, sites=["THERE", "HERE"] if n % 2 else ["HERE", "THERE"]) for n in range(16)]
    clock.move_to(DURING)

    found = {tuple(sorted((code, given) for code, (_has, given) in dry_run(draw_id=draw.pk).by_site.items()))}
    wishes = {(one.first_wish, one.other_wish) for one in (dry_run(draw_id=draw.pk) for _ in range(40))}

    assert len(names) == 16
    assert found == {(("HERE", 6), ("THERE", 1))}
    assert len(wishes) > 1


def test_an_empty_draw_can_be_rehearsed(city, office):
    assert "还没有人登记" in text_of(city.get(at("dry_run", office.announced())))


def test_the_public_value_is_typed_twice_shown_back_and_drawn_with(closed, city):
    asked = city.get(at("show", closed))
    assert "填公开数值" in text_of(asked)

    shown = city.post(at("run", closed), {"value": VALUE, "again": VALUE})
    assert "照这个数值摇吗" in text_of(shown)
    assert f"<b>{VALUE}</b>" in shown.content.decode()
    assert Draw.objects.get().state == DrawState.CLOSED

    done = city.post(at("run", closed), {"value": VALUE, "again": VALUE, "confirmed": "1"}, follow=True)
    draw = Draw.objects.get()
    assert (draw.state, draw.public_value) == (DrawState.DRAWING, VALUE)
    assert "正在摇号" in text_of(done)
    assert city.get(at("progress", closed)).json() == {"state": "DRAWING", "done": 0, "total": 5}
    assert AuditEntry.objects.get(action="draw").after == {
        "public_value": VALUE, "entries_digest": draw.entries_digest,
    }  # fmt: skip

    while carry_on(draw_id=draw.pk, now=AFTER):
        pass

    page = city.get(at("show", closed))
    results = page.context["results"]
    assert (results["booked"], results["not_placed"]) == (3, 2)
    assert results["first_wish"] + results["other_wish"] + results["another_site"] == 3
    assert city.get(at("progress", closed)).json()["done"] == 5
    assert "公布下一轮" in text_of(page)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"value": VALUE, "again": "3387.64"}, "again"),
        ({"value": "", "again": VALUE}, "value"),
        ({"value": VALUE, "again": ""}, "again"),
        ({"value": "x" * 201, "again": "x" * 201}, "value"),
    ],
)
def test_a_value_that_was_typed_wrong_is_not_drawn_with_and_stays_in_the_field(closed, city, typed, field):
    page = city.post(at("run", closed), {**typed, "confirmed": "1"})

    assert field in page.context["form"].errors
    assert page.context["form"]["value"].value() == typed["value"]
    assert Draw.objects.get().state == DrawState.CLOSED


@pytest.mark.parametrize("typed", ["3387\u200b.46", "3387\t46"])
def test_a_value_with_signs_that_nobody_sees_is_refused(closed, city, typed):
    page = city.post(at("run", closed), {"value": typed, "again": typed, "confirmed": "1"}, follow=True)

    assert "公开数值要是一行文字" in text_of(page)
    assert Draw.objects.get().state == DrawState.CLOSED


def test_before_the_entries_are_closed_there_is_nothing_to_type(entered, city):
    assert "填公开数值" not in text_of(city.get(at("show", entered)))
    city.post(at("run", entered), {"value": VALUE, "again": VALUE, "confirmed": "1"})

    assert Draw.objects.get().state == DrawState.ANNOUNCED


def test_a_second_value_is_never_taken(closed, city):
    for value in (VALUE, "9999.99"):
        city.post(at("run", closed), {"value": value, "again": value, "confirmed": "1"})

    assert Draw.objects.get().public_value == VALUE


def test_calling_off_asks_why_first_and_tells_whoever_entered(entered, city):
    asked = city.get(at("call_off", entered))
    assert "有 5 人登记" in text_of(asked)
    assert city.post(at("call_off", entered), {"reason": "短"}).context["form"].errors["reason"]
    assert Draw.objects.get().state == DrawState.ANNOUNCED

    done = city.post(at("call_off", entered), {"reason": "疫苗推迟到货"}, follow=True)

    assert Draw.objects.get().state == DrawState.CALLED_OFF
    assert AuditEntry.objects.get(action="call_off").reason == "疫苗推迟到货"
    assert "公布下一轮" in text_of(done)
    assert Message.objects.filter(kind="DRAW_CALLED_OFF").count() == 5
    city.post(at("call_off", entered), {"reason": "疫苗推迟到货"})
    assert Message.objects.filter(kind="DRAW_CALLED_OFF").count() == 5


def test_once_it_is_being_drawn_it_cannot_be_called_off(closed, city):
    city.post(at("run", closed), {"value": VALUE, "again": VALUE, "confirmed": "1"})

    assert city.post(at("call_off", closed), {"reason": "疫苗推迟到货"}).status_code == 302
    assert Draw.objects.get().state == DrawState.DRAWING


def test_auditors_look_and_others_do_not(office, closed, auditor, others):
    assert auditor.get(at("show", closed)).status_code == 200
    assert "等市里填公开数值" in text_of(auditor.get(at("show", closed)))
    assert auditor.get(at("dry_run", closed)).status_code == 403
    for name in ("run", "call_off"):
        assert (
            auditor.post(at(name, closed), {"value": VALUE, "again": VALUE, "reason": "疫苗推迟到货"}).status_code
            == 403
        )
    for browser in others.values():
        for name in ("show", "dry_run", "progress"):
            assert browser.get(at(name, closed)).status_code == 403
        assert browser.get(at("changelist")).status_code == 403
    assert Draw.objects.get().state == DrawState.CLOSED


def test_the_list_costs_a_few_statements_however_many_draws_there_are(city, office):
    for n in range(6):
        office.announced(name=f"第 {n} 次")
        Draw.objects.update(state=DrawState.CALLED_OFF)
    city.get(at("changelist"))

    with CaptureQueriesContext(connection) as statements:
        page = city.get(at("changelist"))

    assert page.content.decode().count("/show/") == 6
    assert len(statements) <= 9
