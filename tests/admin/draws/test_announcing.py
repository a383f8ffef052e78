"""A draw is announced after a look at what it is about; wrong input comes back with what was typed."""

import pytest

from accounts.models import AuditEntry
from booking.models import Draw, Programme
from tests.admin.draws.conftest import at
from tests.admin.releases.conftest import browser_of
from tests.draw_factories import AFTER, FIRST, have_drawn, make_draw_slot, make_entry
from tests.factories import make_administrator, make_appointment, make_patient, make_programme
from tests.web.journey.conftest import text_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_is_announced_before_it_was_looked_at_and_confirmed(office, city):
    make_patient()
    looked = city.post(at("announce"), office.form())

    plan = looked.context["plan"]
    assert (plan.places, plan.slots, plan.booked, plan.people) == (7, 3, 0, 1)
    assert [(one.site.code, one.places) for one in plan.sites] == [("HERE", 6), ("THERE", 1)]
    assert "上证指数 2026-11-27 收盘点位" in text_of(looked)
    assert not Draw.objects.exists()

    done = city.post(at("announce"), office.form(confirmed="1"), follow=True)

    draw = Draw.objects.get()
    assert (draw.programme, draw.name, draw.first_day) == (office.programme, "九价摇号", FIRST)
    assert draw.commitment in text_of(done)
    entry = AuditEntry.objects.get(action="announce")
    assert entry.after["commitment"] == draw.commitment
    assert str(draw.seed) not in done.content.decode() + str(entry.after)


def test_places_that_somebody_has_already_are_named_and_left_out(office, city):
    make_appointment(office.slots[0])

    looked = city.post(at("announce"), office.form())

    assert looked.context["plan"].places == 6
    assert "已经有 1 个预约，它们保持不变" in text_of(looked)


def test_days_without_places_cannot_be_announced(office, city):
    far = office.form(first_day="2027-01-10", last_day="2027-01-11")

    looked = city.post(at("announce"), far)
    assert "没有号可摇" in text_of(looked)
    assert 'name="confirmed" value="1" disabled' in looked.content.decode()
    refused = city.post(at("announce"), {**far, "confirmed": "1"})

    assert "没有号可摇" in text_of(refused)
    assert not Draw.objects.exists()


def test_another_draw_of_the_same_days_is_warned_of_and_refused(office, city):
    office.announced()

    assert "用的日子有重叠" in text_of(city.post(at("announce"), office.form()))
    assert "已经用了其中的日子" in text_of(city.post(at("announce"), office.form(confirmed="1")))
    assert Draw.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"programme": ""}, "programme"),
        ({"programme": "0"}, "programme"),
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name_en": ""}, "name_en"),
        ({"opens_at_0": "2026-11-24", "opens_at_1": "09:00"}, "opens_at"),
        ({"opens_at_0": "tomorrow"}, "opens_at"),
        ({"closes_at_0": "2026-11-24", "closes_at_1": "12:00"}, "closes_at"),
        ({"closes_at_1": ""}, "closes_at"),
        ({"first_day": "2026-11-26"}, "first_day"),
        ({"first_day": "2026-02-30"}, "first_day"),
        ({"last_day": "2026-11-28"}, "last_day"),
        ({"last_day": "2027-11-28"}, "last_day"),
        ({"public_source": " "}, "public_source"),
        ({"public_source_en": ""}, "public_source_en"),
    ],
)
def test_wrong_input_is_named_beside_its_field_and_what_was_typed_stays(office, city, wrong, field):
    page = city.post(at("announce"), office.form(confirmed="1", **wrong))

    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert not Draw.objects.exists()
    content = page.content.decode()
    kept = {**office.form(), **wrong}
    assert all(kept[name] in content for name in ("name_en", "public_source_en", "closes_at_0") if kept[name].strip())


def test_only_programmes_that_are_drawn_are_offered(office, city):
    make_programme(name="流感")

    page = city.get(at("announce"))

    assert list(page.context["form"].fields["programme"].queryset) == [office.programme]


def test_a_programme_whose_mode_changed_meanwhile_is_refused(office, city):
    city.post(at("announce"), office.form())
    Programme.objects.update(release_mode="open")

    page = city.post(at("announce"), office.form(confirmed="1"))

    assert "programme" in page.context["form"].errors
    assert not Draw.objects.exists()


def test_the_next_round_says_how_many_come_along_and_belongs_to_the_same_programme(office, clock):
    draw = office.announced()
    for _ in range(3):
        make_entry(draw, sites=["THERE"])
    have_drawn(draw)
    clock.move_to(AFTER)
    city = browser_of(make_administrator())
    later = make_draw_slot(office.programme, office.there, day=8)
    day = later.starts_at.date().isoformat()
    make_programme(release_mode="draw")

    page = city.get(at("next", draw))
    assert "没中签的 2 人自动登记到这一轮" in text_of(page)
    assert list(page.context["form"].fields["programme"].queryset) == [office.programme]
    form = office.form(
        opens_at_0="2026-11-27", closes_at_0="2026-11-28", first_day=day, last_day=day, confirmed="1", name="第二轮"
    )
    city.post(at("next", draw), form)

    following = Draw.objects.get(name="第二轮")
    assert following.previous_id == draw.pk
    assert "看下一轮" in text_of(city.get(at("show", draw)))
    assert "上一轮已经有下一轮了" in text_of(city.post(at("next", draw), {**form, "name": "又一轮"}, follow=True))
    assert Draw.objects.count() == 2


@pytest.mark.parametrize("name", ["announce", "next"])
def test_nobody_but_the_city_announces(office, others, auditor, name):
    draw = office.announced() if name == "next" else None

    for browser in (*others.values(), auditor):
        assert browser.get(at(name, draw)).status_code == 403
        assert browser.post(at(name, draw), office.form(confirmed="1")).status_code == 403
    assert Draw.objects.count() == (1 if draw else 0)
