"""One's own entry: how it stands, leaving the draw, and what came of it. Nobody else's is there."""

from datetime import timedelta

import pytest

from booking.models import Appointment, DrawEntry
from booking.operations.draws.announce import call_off
from tests.draw_factories import AFTER, CLOSES, FIRST, OPENS, make_draw, make_entry
from tests.factories import make_citizen, make_patient
from tests.web.journey.conftest import Visitor, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def entry(draw, patient):
    return make_entry(draw.row, patient, sites=["THERE", "HERE"], days=[FIRST])


def page_of(entry, step="") -> str:
    return f"/draws/entries/{entry.entry_id}/{step}"


def test_an_entry_shows_its_wish_its_code_and_what_can_still_be_done(entry, visitor):
    page = text_of(visitor.get(page_of(entry)))

    assert "已登记" in page
    assert "河西卫生服务中心 岳麓区" in page
    assert "只要这些接种点" in page
    assert entry.code[:4] in page
    assert "退出摇号" in page


def test_leaving_is_asked_about_first_and_a_second_time_changes_nothing(entry, visitor):
    assert "退出摇号吗" in text_of(visitor.get(page_of(entry, "withdraw/")))
    assert DrawEntry.objects.get().withdrawn_at is None

    for _time in range(2):
        done = visitor.client.post(page_of(entry, "withdraw/"), follow=True)

    assert "已退出" in text_of(done)
    assert entry.code[:4] not in text_of(done)
    assert visitor.get(page_of(entry, "withdraw/")).status_code == 302
    assert "已登记" not in text_of(visitor.get("/draws/"))


def test_after_the_end_it_can_be_neither_changed_nor_left(entry, visitor, clock):
    clock.move_to(CLOSES)

    page = text_of(visitor.get(page_of(entry)))
    assert "登记已截止，等待摇号。" in page
    assert "退出摇号" not in page
    assert visitor.get(page_of(entry, "withdraw/")).url == page_of(entry)
    refused = visitor.post(page_of(entry, "withdraw/"))
    assert refused.status_code == 409
    assert "登记已经截止" in text_of(refused)
    assert DrawEntry.objects.get().withdrawn_at is None


def test_whoever_won_goes_on_to_the_appointment(draw, entry, visitor, clock):
    draw.run()
    clock.move_to(AFTER)

    page = visitor.get(page_of(entry))

    booked = Appointment.objects.get()
    assert "中签，约好了" in text_of(page)
    assert "河西卫生服务中心" in text_of(page)
    assert f"/appointments/{booked.reference}/" in page.content.decode()
    assert "中签，已约好" in text_of(visitor.get("/draws/"))
    assert "中签，已约好" in text_of(visitor.get(draw.address))


def test_whoever_lost_reads_what_that_means_and_moves_up(draw, patient, visitor, clock):
    entries = [make_entry(draw.row, make_patient(patient.user), sites=["THERE"]) for _ in range(3)]
    draw.run()
    clock.move_to(AFTER)
    lost = [one for one in entries if "未中签" in text_of(visitor.get(page_of(one)))]
    assert len(lost) == 2
    assert "有下一轮时，您的登记自动带过去" in text_of(visitor.get(page_of(lost[0])))

    make_draw(
        draw.slots[0], now=AFTER, previous_id=draw.row.pk, opens_at=AFTER + timedelta(hours=1),
        closes_at=AFTER + timedelta(days=1),
    )  # fmt: skip
    draw.close()

    assert "下一轮已经公布" in text_of(visitor.get(page_of(lost[0])))
    carried = DrawEntry.objects.exclude(draw=draw.row).first()
    again = text_of(visitor.get(f"/draws/entries/{carried.pk}/"))
    assert "1 轮，这次排在前面" in again
    # Before it opens they may say otherwise already, or leave.
    assert "退出摇号" in again
    wish = visitor.get(f"/draws/{carried.draw_id}/enter/{carried.patient_id}/")
    assert "原来想去的河西卫生服务中心，这次没有号。" in text_of(wish)
    assert wish.context["wish"].sites == ()


def test_a_draw_that_was_called_off_says_so(draw, entry, visitor):
    call_off(draw_id=draw.row.pk, now=OPENS)

    assert "这次摇号取消了" in text_of(visitor.get(page_of(entry)))
    assert "这次摇号取消了" in text_of(visitor.get(draw.address))
    assert visitor.get(draw.address + "result/").status_code == 200


@pytest.mark.parametrize("step", ["", "withdraw/"])
def test_somebody_elses_entry_is_not_there(entry, step):
    stranger = Visitor(make_citizen())

    assert stranger.get(page_of(entry, step)).status_code == 404
    if step:
        assert stranger.post(page_of(entry, step)).status_code == 404
    assert Visitor().get(page_of(entry, step)).status_code == 302
    assert DrawEntry.objects.get().withdrawn_at is None
