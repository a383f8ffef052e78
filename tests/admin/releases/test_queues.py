"""Setting the queue of a release: only the city, for moments at which slots open, after a look, and in the trail."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from booking.models import ReleaseQueue
from tests.admin.releases.conftest import at
from tests.factories import make_administrator, make_queue

pytestmark = pytest.mark.django_db(transaction=True)
NEW = reverse("admin:booking_releasequeue_new")


def _form(city, **fields):
    release = f"{city.programme.pk}|{city.slots[0].opens_at.isoformat()}"
    return {"release": release, "lobby_minutes": 45, "end_minutes": 120, "people_a_minute": 600, **fields}


def _release(city):
    return next(iter(city.city.get(NEW).context["form"].moments))


def test_a_queue_is_set_after_a_look_at_how_long_it_takes(city):
    form = _form(city, release=_release(city))

    looked = city.city.post(NEW, form)
    assert not ReleaseQueue.objects.exists()
    done = city.city.post(NEW, {**form, "confirmed": "1"}, follow=True)

    assert "300000" in looked.content.decode().replace(",", "")
    assert "排队结束时还没轮完" in looked.content.decode()
    assert done.status_code == 200
    queue = ReleaseQueue.objects.get()
    assert (queue.opens_at, queue.people_a_minute) == (at(2, 8), 600)
    assert queue.lobby_from == at(2, 8) - timedelta(minutes=45)
    assert len(queue.seed) == 64
    entry = AuditEntry.objects.latest("pk")
    assert entry.what.startswith("booking.releasequeue")
    assert queue.seed not in str(entry.after)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"release": "1|2026-01-01T00:00:00+00:00"}, "release"),
        ({"lobby_minutes": 1}, "lobby_minutes"),
        ({"people_a_minute": 0}, "people_a_minute"),
    ],
)
def test_what_cannot_be_is_refused(city, wrong, field):
    page = city.city.post(NEW, {**_form(city, release=_release(city)), **wrong, "confirmed": "1"})

    assert field in page.context["form"].errors
    assert not ReleaseQueue.objects.exists()


def test_a_release_has_one_queue(city):
    form = {**_form(city, release=_release(city)), "confirmed": "1"}
    city.city.post(NEW, form)

    page = city.city.post(NEW, form)

    assert "这次放号已经有排队了" in page.content.decode()
    assert ReleaseQueue.objects.count() == 1


@pytest.mark.parametrize("who", ["district", "manager", "auditor"])
def test_nobody_but_the_city_sets_one(city, who):
    queue = make_queue(city.programme, opens_in=timedelta(days=3650))
    browser = getattr(city, who)

    assert browser.post(NEW, {**_form(city), "confirmed": "1"}).status_code == 403
    assert browser.post(reverse("admin:booking_releasequeue_set", args=[queue.pk]), {"cancel": "1"}).status_code == 403
    assert browser.get(reverse("admin:booking_releasequeue_changelist")).status_code == 200


def _running(city):
    now = timezone.now()
    return make_queue(
        city.programme,
        made_by=make_administrator(),
        lobby_from=now - timedelta(hours=1),
        opens_at=now - timedelta(minutes=1),
        ends_at=now + timedelta(hours=1),
        people_a_minute=100,
    )


def test_while_people_wait_it_becomes_faster_and_never_slower(city):
    queue = _running(city)
    address = reverse("admin:booking_releasequeue_set", args=[queue.pk])

    city.city.post(address, {"people_a_minute": "200"})
    slower = city.city.post(address, {"people_a_minute": "50"}, follow=True)

    queue.refresh_from_db()
    assert queue.people_a_minute == 200
    assert "只能调快" in slower.content.decode()


def test_cancelling_is_asked_for_twice_and_written_down(city):
    queue = _running(city)
    address = reverse("admin:booking_releasequeue_set", args=[queue.pk])

    asked = city.city.get(address, {"ask": "1"})
    city.city.post(address, {"cancel": "1"})

    assert "位置不能恢复" in asked.content.decode()
    queue.refresh_from_db()
    assert queue.cancelled_at is not None
    assert AuditEntry.objects.latest("pk").action == "cancel"
