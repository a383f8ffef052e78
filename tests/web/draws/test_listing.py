"""Which draws there are, what one of them is, and how little it costs to read."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from booking.answers import store
from tests.draw_factories import AFTER, CLOSES, OPENS, make_entry
from tests.factories import make_patient
from tests.web.journey.conftest import Visitor, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_city_without_draws_says_so_and_leads_on(visitor):
    page = text_of(visitor.get("/draws/"))

    assert "现在没有摇号" in page
    assert "预约接种" in page


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (OPENS - timedelta(minutes=1), "快要开始"),
        (OPENS, "现在可以登记"),
        (CLOSES, "等待摇号"),
    ],
)
def test_draws_stand_in_the_list_by_what_can_be_done(draw, clock, moment, said):
    clock.move_to(moment)
    page = text_of(Visitor().get("/draws/"))

    assert said in page
    assert "九价摇号" in page


def test_a_drawn_one_leads_to_its_result(draw, patient, clock):
    make_entry(draw.row, patient)
    draw.run()
    clock.move_to(AFTER)

    page = Visitor().get("/draws/")

    assert "已经摇过" in text_of(page)
    assert f"{draw.address}result/" in page.content.decode()


def test_a_draw_says_what_was_announced_and_how_it_works(draw):
    page = text_of(Visitor().get(draw.address))

    assert "正在登记" in page
    assert "7 个" in page
    assert "不到 100 人" in page
    assert "2026 年 11 月 27 日双色球开奖号码" in page
    assert draw.row.commitment in page
    for sentence in ("不比谁快", "一个人只算一次", "谁也不能事先知道", "按次序一个一个安排", "没中签的下一轮排在前面"):
        assert sentence in page


def test_in_english_too(draw):
    page = text_of(Visitor(language="en").get(draw.address))

    assert "HPV draw" in page
    assert "The lottery numbers of 27 November 2026" in page
    assert "登记" not in page.replace("中文", "")


def test_the_secret_seed_is_on_no_page_before_it_drew(draw, patient, visitor):
    entry = make_entry(draw.row, patient)
    draw.row.refresh_from_db()
    draw.close()

    for address in ("/draws/", draw.address, f"{draw.address}result/", f"{draw.address}result.jsonl",
                    f"/draws/entries/{entry.entry_id}/", "/api/v1/draws"):  # fmt: skip
        answer = visitor.client.get(address)
        assert answer.status_code == 200, address
        assert str(draw.row.seed) not in answer.content.decode(errors="replace"), address


def test_for_everybody_alike_pages_cost_no_statement_once_they_are_kept(draw, django_assert_num_queries):
    stranger = Visitor()
    for address in ("/draws/", draw.address, f"{draw.address}result/"):
        stranger.get(address)
        with django_assert_num_queries(0):
            stranger.get(address)


@pytest.mark.parametrize("people", [1, 6])
def test_own_pages_cost_a_few_statements_however_many_people_and_entries_there_are(draw, patient, visitor, people):
    for _ in range(people):
        make_entry(draw.row, make_patient(patient.user))
    entry = make_entry(draw.row, make_patient(patient.user))
    visitor.get(draw.address)

    counts = {}
    for address in ("/draws/", draw.address, draw.wish(patient), f"/draws/entries/{entry.entry_id}/"):
        counts[address] = len(visitor.statements(address))

    assert {address: n for address, n in counts.items() if n > 9} == {}


def test_the_page_of_a_draw_is_counted_anew_after_a_minute(draw, clock):
    assert "不到 100 人" in text_of(Visitor().get(draw.address))
    for _ in range(101):
        make_entry(draw.row, make_patient())
    store.clear()
    assert "不到 100 人" in text_of(Visitor().get(draw.address))
    cache.clear()
    store.clear()

    assert "100–500 人" in text_of(Visitor().get(draw.address))
