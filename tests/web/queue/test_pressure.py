"""While many join at once: the script is given something to work on, and whoever has no script is asked to wait."""

import pytest
from django.urls import reverse

from tests.factories import make_patient
from tests.web.journey.conftest import Visitor, text_of
from tests.web.queue.test_queue_page import SCRIPT, _queue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def rush(settings):
    settings.PROOF_ABOVE = 0


def test_the_script_gets_a_challenge_of_our_own():
    queue, _ = _queue()
    visitor = Visitor(make_patient().user)

    answer = visitor.client.post(reverse("queue_join", args=[queue.pk]), {}, **SCRIPT)

    assert answer.status_code == 428
    assert set(answer.json()) == {"challenge", "wait", "wait_seconds", "text"}
    page = visitor.get(reverse("queue", args=[queue.pk])).content.decode()
    assert 'data-worker="/static/booking/vendor/altcha-pbkdf2.js"' in page


def test_without_a_script_people_are_asked_to_wait_and_press_again():
    queue, _ = _queue()
    patient = make_patient()
    visitor = Visitor(patient.user)

    page = visitor.client.post(reverse("queue_stand", args=[queue.pk]), {"patient": str(patient.pk)})

    assert page.status_code == 409
    assert "请等 30 秒，再点一次“排队”" in text_of(page)
    assert f'name="proof" value="{page.context["wait"]}"' in page.content.decode()
