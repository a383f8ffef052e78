"""What people of a closed slot are told, in at most two texts."""

import pytest

from accounts.models import User
from booking.models import Message
from booking.notifications import words
from booking.operations.send_messages import send_messages
from tests.factories import make_programme
from tests.operations.relocations.conftest import ClosedDay

pytestmark = pytest.mark.django_db(transaction=True)
# As long as they come in the city.
NAME, NAME_EN = "雨花经济开发区社区卫生服务中心", "Yuhua Economic Development Zone Community Health Service Centre"
ADDRESS = "雨花区万家丽中路三段 1688 号雨花经济开发区创新大厦一楼东侧"


@pytest.fixture
def closed(now):
    programme = make_programme(name="九价 HPV 疫苗接种", name_en="9-valent HPV vaccination")
    return ClosedDay(now, programme, name=NAME, name_en=NAME_EN)


def told(closed, *, language, place):
    [row] = closed.full_of(1)
    user = User.objects.get(pk=row.booked_by_id)
    user.language, user.phone = language, "+8613800009999"
    user.save()
    if place:
        closed.slot(0.5, site=closed.near(name=NAME, name_en=NAME_EN, address=ADDRESS))
    closed.close()
    closed.move([row])
    return row, words(Message.objects.exclude(kind="BOOKED").get())


def test_a_new_place_is_told_with_time_site_address_number_and_what_to_do(closed):
    row, text = told(closed, language="zh-hans", place=True)

    assert text.startswith("【长沙疫苗】接种点停诊，已为王*兰换号：九价 HPV 疫苗接种 11月25日 09:30，")
    for said in (NAME, ADDRESS[:20], row.reference, "登录可确认、换时间或不要"):
        assert said in text
    # Two texts of Chinese hold 134 characters.
    assert len(text) <= 134


def test_in_english_it_stays_within_the_letters_of_a_cheap_text(closed):
    row, text = told(closed, language="en", place=True)

    assert text.startswith(
        "Changsha Vaccines: your site is closed. New place for 9-valent HPV vaccination: 25 Nov 09:30"
    )
    assert NAME_EN in text
    assert row.reference in text
    # One Chinese character more, and two texts would hold 134 letters instead of 306.
    assert text.isascii()
    assert len(text) <= 306


@pytest.mark.parametrize(("language", "most"), [("zh-hans", 134), ("en", 306)])
def test_a_cancellation_says_which_one_and_how_to_book_anew(closed, language, most):
    row, text = told(closed, language=language, place=False)

    assert row.reference in text
    assert ("重新预约" if language == "zh-hans" else "Book again") in text
    assert len(text) <= most


def test_the_messages_go_out_with_the_next_job(closed, now, settings):
    told(closed, language="zh-hans", place=True)

    assert send_messages(now=now) == 2
    assert Message.objects.filter(sent_at=None).count() == 0
