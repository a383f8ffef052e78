"""A citizen in front of a visitor, and a site with times from tomorrow on."""

import re
from datetime import datetime, time, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from booking.operations.book import book
from tests.factories import make_patient, make_programme, make_site, make_slot


def at(days: int, hour: int, minute: int = 0) -> datetime:
    """That many days from today, at that time in the city."""
    day = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), timezone.get_default_timezone())


def released() -> datetime:
    return timezone.now() - timedelta(days=20)


class Visitor:
    """A citizen who is signed in, with what they see."""

    def __init__(self, user=None, language="zh-hans"):
        self.client = Client()
        self.client.cookies["django_language"] = language
        if user is not None:
            self.client.force_login(user)

    def get(self, address, **query):
        return self.client.get(address, query)

    def post(self, address, **form):
        return self.client.post(address, form)

    def statements(self, address):
        """The SQL of the second visit: the first one fills what every process keeps."""
        self.client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            response = self.client.get(address)
        assert response.status_code == 200
        return [
            query["sql"] for query in seen if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
        ]


def text_of(response) -> str:
    """What the page says, tags left out."""
    page = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", page)))


@pytest.fixture
def patient():
    return make_patient(name="王秀兰", relation="parent")


@pytest.fixture
def citizen(patient):
    return patient.user


@pytest.fixture
def visitor(citizen):
    return Visitor(citizen)


@pytest.fixture
def site():
    return make_site(name="望月湖卫生服务中心", step_free=True)


@pytest.fixture
def programme():
    return make_programme(code="influenza", name="流感疫苗接种", min_age=3)


@pytest.fixture
def slots(site, programme):
    """Tomorrow 09:00, 09:30 and 14:00, ten places each."""
    starts = (at(1, 9), at(1, 9, 30), at(1, 14))
    return [make_slot(site, programme, starts_at=start, opens_at=released()) for start in starts]


def ids(*patients) -> str:
    return ",".join(str(patient.pk) for patient in patients)


def when(site, programme, *patients) -> str:
    return reverse("book_when", args=[ids(*patients), programme.code, site.code])


def where(programme, *patients) -> str:
    return reverse("book_where", args=[ids(*patients), programme.code])


def books(patient, slot, key="an-earlier-try"):
    """The patient has an appointment in the slot."""
    return book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=key, now=timezone.now())
