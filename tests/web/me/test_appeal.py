"""Whoever was locked reads why, appeals, and reads the answer."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from booking.models import Suspicion
from booking.operations.touts.judge import answer_appeal, lock
from booking.rules import bulk
from tests.factories import CLOCK, make_administrator, make_citizen, make_patient, make_programme, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = reverse("appeal")


@pytest.fixture
def citizen():
    return make_citizen()


@pytest.fixture
def client(citizen):
    client = Client()
    sign_in(client, citizen)
    return client


@pytest.fixture
def locked(citizen):
    row = Suspicion.objects.create(account=citizen, sign=bulk.PEOPLE, evidence={"people": 20}, raised_at=CLOCK)
    return lock(suspicion_id=row.pk, by=make_administrator().pk, reason="一天约了二十人", now=CLOCK)


def test_an_account_that_is_not_locked_has_no_such_page(client):
    assert client.get(PAGE).status_code == 404


def test_home_leads_there_and_the_page_says_why(client, locked):
    assert PAGE in client.get(reverse("home")).content.decode()
    page = client.get(PAGE).content.decode()

    assert "一天约了二十人" in page
    assert "已约好的照常去打" in page


def test_an_appeal_is_sent_once_and_its_answer_shown(client, locked):
    assert client.post(PAGE, {"text": "我是志愿者"}).status_code == 302
    waiting = client.get(PAGE).content.decode()
    assert "我是志愿者" in waiting
    assert "<textarea" not in waiting
    again = client.post(PAGE, {"text": "我再说一次"}).content.decode()
    assert "已经有人处理过了" in again

    answer_appeal(suspicion_id=locked.pk, by=make_administrator().pk, restore=True, answer="谢谢说明", now=CLOCK)

    page = client.get(PAGE).content.decode()
    assert "谢谢说明" in page
    assert "预约已恢复" in page
    assert PAGE not in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize("text", ["", "不对", "长" * 1001])
def test_what_is_wrong_with_it_stands_there_and_nothing_is_lost(client, locked, text):
    page = client.post(PAGE, {"text": text})

    assert page.status_code == 200
    assert page.context["form"].errors
    assert text in page.content.decode()


@pytest.mark.parametrize("way", ["book_who", "wait", "enter a draw", "move"])
def test_every_way_to_a_place_leads_there(client, citizen, locked, way):
    patient = make_patient(citizen)
    ways = {
        "book_who": reverse("book_who"),
        "wait": reverse("join_waitlist", args=[patient.pk, make_programme().code]),
        "enter a draw": reverse("draw_enter", args=[uuid4()]),
        "move": reverse("move_appointment", args=["000000000000"]),
    }

    assert client.get(ways[way]).headers["Location"] == PAGE


def test_nobody_else_is_led_there(client, citizen):
    assert client.get(reverse("book_who")).status_code == 200
