"""Nothing that changes anything can be sent by another website: every address is asked, whoever wrote it."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from accounts import desk_sessions
from tests.admin.walk import addresses
from tests.admin.world import World
from tests.desk_factories import make_desk
from tests.factories import CLOCK, make_administrator, make_citizen, make_patient, make_slot, sign_in
from tests.security.addresses import filled, patterns

pytestmark = pytest.mark.django_db
# They ask for a token in a way of their own, or change nothing: the reason stands beside each in the code.
WITHOUT_TOKEN = {
    # A custom header, which another website's page cannot send.
    "queue/<int:queue_id>/join.json": 404,
    # It only looks something up, on a page that is the same for everybody.
    "draws/<uuid:draw_id>/result/": 404,
}


@pytest.mark.parametrize("pattern", [pattern for pattern in patterns() if not pattern.startswith("api/v1/")])
def test_a_form_of_another_website_is_refused_at_every_page(pattern, time_machine):
    time_machine.move_to(CLOCK)
    citizen, slot = make_citizen(), make_slot()
    values = {"patient_id": make_patient(citizen).pk, "code": slot.site.code, "programme": slot.programme.code}
    client = Client(enforce_csrf_checks=True)
    client.force_login(citizen, backend="accounts.backends.ProofBackend")

    answer = client.post(filled(pattern, values), {"anything": "1"}, HTTP_ORIGIN="https://elsewhere.example")

    # 404 and 405 are answers to whoever reads only; what takes a form says 403.
    assert answer.status_code in (403, 405, WITHOUT_TOKEN.get(pattern, 403)), answer.status_code
    assert client.session.get(SESSION_KEY) == str(citizen.pk)


def test_nor_by_any_address_of_the_admin(time_machine):
    time_machine.move_to(CLOCK)
    world = World()
    client = Client(enforce_csrf_checks=True)
    sign_in(client, make_administrator())
    let_through = {}
    for address in addresses(world):
        status = client.post(
            address.own, {"post": "yes", "_save": "1"}, HTTP_ORIGIN="https://elsewhere.example"
        ).status_code
        if status not in (403, 404, 405):
            let_through[address.name] = status
    # Django's own page of translated words for its scripts, and the way to a row's own page, which only lead somewhere.
    assert let_through.keys() <= {"jsi18n", "view_on_site", "app_list"}, let_through


@pytest.mark.parametrize("pattern", [pattern for pattern in patterns() if pattern.startswith("api/v1/")])
def test_the_api_does_not_look_at_a_browsers_session(pattern):
    """So nothing that a browser sends by itself signs anybody in there; the desk's session needs a header besides."""
    citizen = make_citizen()
    client = Client()
    client.force_login(citizen, backend="accounts.backends.ProofBackend")
    path = filled(pattern, {"patient_id": make_patient(citizen).pk})

    with_session = [
        client.generic(method, path, "{}", "application/json").status_code
        for method in ("GET", "POST", "PATCH", "DELETE")
    ]
    without = [
        Client().generic(method, path, "{}", "application/json").status_code
        for method in ("GET", "POST", "PATCH", "DELETE")
    ]

    assert with_session == without
    assert not {200, 201, 204}.intersection(with_session[1:])


def test_a_desks_session_without_the_header_is_nobody(client):
    key, _ends = desk_sessions.begin(make_desk(make_slot().site), now=timezone.now())
    client.cookies[desk_sessions.COOKIE] = key

    assert client.get("/api/v1/desk/session").status_code == 401
    assert client.get("/api/v1/desk/session", HTTP_X_DESK="1").status_code == 200
