"""A site with its desk, another one, and somebody who is signed in at the first."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from sites.models import Site
from tests.desk_factories import make_desk
from tests.factories import CLOCK, make_site

PASSWORD = "a password for the desk"
SignIn = Callable[[User], "Desk"]


class Desk:
    """A browser at a desk: its cookie, and the header that only the desk's own page sends."""

    def __init__(self) -> None:
        self.client = Client()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Ask below /api/v1/desk/."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in {"X-Desk": "1", **named}.items() if value}
        return self.client.generic(
            method,
            f"/api/v1/desk/{path}",
            b"" if body is None else json.dumps(body).encode(),
            "application/json",
            headers=sent,
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def sign_in(self, user: User, password: str = PASSWORD) -> Any:
        return self.post("session", {"username": user.username, "password": password})


@pytest.fixture(autouse=True)
def clock(db):
    """It is CLOCK wherever a door asks what time it is."""
    with time_machine.travel(CLOCK, tick=False) as traveller:
        yield traveller


@pytest.fixture
def site() -> Site:
    return make_site(code="A1")


@pytest.fixture
def other() -> Site:
    return make_site(code="B1", name="别处接种点")


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def signed_in() -> SignIn:
    """Signs somebody in at a browser of their own."""

    def sign_in(user: User) -> Desk:
        desk = Desk()
        assert desk.sign_in(with_password(user)).status_code == 200
        return desk

    return sign_in


@pytest.fixture
def supervisor(site: Site, signed_in: SignIn) -> Desk:
    return signed_in(make_desk(site, "supervisor"))


@pytest.fixture
def registration(site: Site, signed_in: SignIn) -> Desk:
    return signed_in(make_desk(site, "registration"))
