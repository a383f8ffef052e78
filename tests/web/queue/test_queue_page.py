"""The page of a queue: the same for everybody; joining with and without a script; and back to what was chosen."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.models import Appointment
from booking.operations.queues.places import read_place
from tests.factories import make_family, make_patient, make_programme, make_queue, make_site, make_slot
from tests.web.journey.conftest import Visitor, text_of, when

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPT = {"headers": {"X-Queue": "1"}}


def _queue(opens_in=timedelta(minutes=-1), **fields):
    opens_at = timezone.now() + opens_in
    times = {
        "opens_at": opens_at,
        "lobby_from": opens_at - timedelta(hours=1),
        "ends_at": opens_at + timedelta(hours=2),
    }
    queue = make_queue(make_programme(name="流感疫苗接种"), **times, **fields)
    slot = make_slot(make_site(), queue.programme, opens_at=opens_at, starts_at=timezone.now() + timedelta(days=3))
    return queue, slot


def _join(visitor, queue, **form):
    return visitor.client.post(reverse("queue_join", args=[queue.pk]), form, **SCRIPT)


@pytest.fixture
def patient():
    return make_patient(name="王秀兰")


@pytest.fixture
def visitor(patient):
    return Visitor(patient.user)


def test_the_page_and_the_state_are_the_same_for_everybody_and_may_be_kept(visitor):
    queue, _slot = _queue()
    for name in ("queue", "queue_state"):
        address = reverse(name, args=[queue.pk])

        own, strangers = visitor.get(address), Client().get(address)

        assert own.content == strangers.content
        assert own["Cache-Control"].startswith("public")
        assert not own.cookies


def test_the_page_speaks_both_languages():
    queue, _slot = _queue()

    page = Visitor(language="en").get(reverse("queue", args=[queue.pk]))

    assert "Queue for Influenza" in text_of(page)


def test_somebody_alone_joins_without_a_question_and_the_place_stands_in_a_cookie_no_script_reads(visitor, patient):
    queue, _slot = _queue()

    joined = _join(visitor, queue)

    assert joined.json()["places"] == [{"name": "王秀兰", "fraction": None, "behind": 1}]
    assert joined.json()["go"] == reverse("book_where", args=[patient.pk, queue.programme.code])
    cookie = joined.cookies["queue_places"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert read_place(cookie.value).patient_id == patient.pk


def test_a_family_is_asked_for_whom_and_each_gets_a_place():
    queue, _slot = _queue()
    family = make_family(3)
    visitor = Visitor(family[0].user)

    asked = _join(visitor, queue)
    joined = _join(visitor, queue, patient=[str(family[0].pk), str(family[2].pk)])

    assert [one["id"] for one in asked.json()["people"]] == [str(one.pk) for one in family]
    assert [one["behind"] for one in joined.json()["places"]] == [1, 2]
    # Whoever opens the page again goes on waiting.
    assert _join(visitor, queue).json()["places"] == joined.json()["places"]


def test_who_has_not_signed_in_is_led_there_and_back(visitor):
    queue, _slot = _queue()

    refused = _join(Visitor(), queue)

    assert refused.json() == {"sign_in": f"{reverse('sign_in')}?next={reverse('queue', args=[queue.pk])}"}
    assert "queue_places" not in refused.cookies


def test_no_other_website_can_join_for_somebody(visitor):
    queue, _slot = _queue()

    assert visitor.post(reverse("queue_join", args=[queue.pk])).status_code == 404


def test_too_early_is_said_and_gives_nothing(visitor):
    queue, _slot = _queue(timedelta(hours=3))

    refused = _join(visitor, queue)

    assert "places" not in refused.json()
    assert "起可以排队" in refused.json()["text"]
    assert "queue_places" not in refused.cookies


def test_without_a_script_a_form_does_the_same():
    queue, _slot = _queue()
    family = make_family(2)
    visitor, address = Visitor(family[0].user), reverse("queue_stand", args=[queue.pk])

    assert "为谁排队" in text_of(visitor.get(address))
    assert visitor.post(address).status_code == 409
    page = visitor.client.post(address, {"patient": [str(family[0].pk)]}, follow=True)

    assert "轮到了，可以去约。" in text_of(page)
    assert reverse("book_where", args=[family[0].pk, queue.programme.code]) in page.content.decode()
    assert "再为谁排队" in text_of(page)


def test_without_a_script_the_page_loads_itself_again_until_it_is_their_turn(visitor, patient):
    queue, _slot = _queue(timedelta(seconds=-5), people_a_minute=1)
    other = make_patient()
    _join(Visitor(other.user), queue)
    address = reverse("queue_stand", args=[queue.pk])

    page = visitor.client.post(address, {"patient": [str(patient.pk)]}, follow=True)

    assert "前面约 1 人，约 1 分钟" in text_of(page)
    assert 'http-equiv="refresh"' in page.content.decode()
    assert "不用刷新，不会丢掉位置" in text_of(page)


# --- From a choice and back -------------------------------------------------------------------------------------------


def test_who_takes_a_time_without_a_place_is_sent_to_the_queue_and_comes_back_to_the_same_choice(visitor, patient):
    queue, slot = _queue()
    page = when(slot.site, queue.programme, patient)

    sent = visitor.client.post(page, {"slot": str(slot.pk)}, follow=True)
    go = _join(visitor, queue).json()["go"]
    back = visitor.get(go)
    held = visitor.client.post(page, {"slot": str(slot.pk)})

    assert sent.redirect_chain[-1][0] == reverse("queue", args=[queue.pk])
    assert go.startswith(page)
    assert back.status_code == 200
    assert "check" in held["Location"]


def test_a_deep_link_to_the_check_does_not_go_round(visitor, patient):
    queue, slot = _queue()
    check = reverse("book_check", args=[patient.pk, queue.programme.code, slot.site.code])

    sent = visitor.client.post(f"{check}?slot={slot.pk}")

    assert sent["Location"].startswith(reverse("queue_from", args=[queue.pk]))
    assert not Appointment.objects.exists()


def test_where_times_are_chosen_the_queue_is_told_of(visitor, patient):
    queue, slot = _queue(timedelta(hours=3))
    make_slot(slot.site, queue.programme, starts_at=timezone.now() + timedelta(days=2))

    page = text_of(visitor.get(when(slot.site, queue.programme, patient)))

    assert "放的号要排队" in page
    assert "早晚都一样" in page


def test_where_no_site_has_places_yet_the_queue_is_told_of_and_leads_back_there(visitor, patient):
    queue, _ = _queue(timedelta(minutes=20))
    where = reverse("book_where", args=[patient.pk, queue.programme.code])

    page = visitor.get(where)

    assert "找不到有号的接种点" in text_of(page)
    assert "放的号正在排队" in text_of(page)
    assert (
        f"{reverse('queue_from', args=[queue.pk])}?patients={patient.pk}&amp;next={quote(where, safe='')}" in page.text
    )


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_nobody_is_sent_elsewhere(visitor, wanted):
    queue, _slot = _queue()
    visitor.get(reverse("queue_from", args=[queue.pk]), next=wanted, patients="x")

    assert _join(visitor, queue).json()["go"].startswith("/book/")


def test_a_queue_that_is_not_there_is_not_found(visitor):
    assert visitor.get(reverse("queue", args=[999_999])).status_code == 404
    assert visitor.get(reverse("queue_state", args=[999_999])).status_code == 404
    assert _join(visitor, type("Gone", (), {"pk": 999_999})).status_code == 404
