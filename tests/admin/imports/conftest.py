"""An administrator who uploads files, and the job behind it."""

from datetime import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from booking.jobs import work_on_import
from booking.models import ImportRun
from tests.factories import sign_in

NEW = reverse("admin:booking_importrun_new")


@pytest.fixture
def browser_of(now: datetime):
    """Browsers of administrators, at the tests' time."""

    def signed_in(user) -> Client:
        client = Client()
        sign_in(client, user)
        return client

    with time_machine.travel(now, tick=False):
        yield signed_in


@pytest.fixture
def upload(browser_of):
    """A file that somebody uploaded and that was checked."""

    def send(client: Client, kind: str, content: bytes, name: str = "接种点.csv") -> ImportRun:
        response = client.post(NEW, {"kind": kind, "file": SimpleUploadedFile(name, content)})
        assert response.status_code == 302, response.context["form"].errors
        run = ImportRun.objects.get(pk=response["Location"].rstrip("/").rsplit("/", 1)[1])
        work_on_import(str(run.pk))
        run.refresh_from_db()
        return run

    return send


@pytest.fixture
def take(upload):
    """A file that was uploaded, checked, and taken in as far as it is good."""

    def send(client: Client, kind: str, content: bytes) -> ImportRun:
        run = upload(client, kind, content)
        client.post(reverse("admin:booking_importrun_show", args=[run.pk]), {"decision": "good"})
        work_on_import(str(run.pk))
        run.refresh_from_db()
        return run

    return send
