"""All addresses of the admin, found by asking its resolver, and what each actor gets there."""

from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import get_resolver

from accounts.models import AuditExport, User
from booking.models import Alert
from tests.admin.world import World, content_type_of_sites
from tests.factories import sign_in

INSIDERS = ("site", "district", "city", "auditor", "superuser")
# Arguments that are no row of the table whose address it is.
VALUES: dict[str, Any] = {
    "app_label": "booking",
    "kind": "sites",
    "form": "csv",
    "url": "nowhere",
    "message_kind": "BOOKED",
    "language": "en",
}
OF_ANOTHER_TABLE: dict[str, Any] = {"export_id": AuditExport, "alert_id": Alert}


@dataclass(frozen=True, slots=True)
class Address:
    """One address by name: where it leads in the own district, and in another, if it is about a row."""

    name: str
    own: str
    other: str | None


def addresses(world: World) -> Iterator[Address]:
    """Every named address under /admin/, sorted. Raises LookupError where the world has no row for an argument."""
    prefix, resolver = get_resolver().namespace_dict["admin"]
    for name in sorted(key for key in resolver.reverse_dict if isinstance(key, str)):
        for possibilities, *_rest in resolver.reverse_dict.getlist(name):
            path, arguments = possibilities[0]
            own = {one: _value(one, path, name, world, world.own) for one in arguments}
            other = {one: _value(one, path, name, world, world.other) for one in arguments}
            yield Address(
                name,
                f"/{prefix}{path % own}",
                f"/{prefix}{path % other}" if other and None not in other.values() and other != own else None,
            )


def _value(argument: str, path: str, name: str, world: World, rows: dict[type[Model], Model]) -> Any:
    if argument in VALUES:
        return VALUES[argument]
    if path.startswith("r/"):
        from sites.models import Site

        return content_type_of_sites() if argument == "content_type_id" else rows[Site].pk
    model = OF_ANOTHER_TABLE.get(argument) or apps.get_model(*path.split("/")[:2])
    if model in rows:
        return rows[model].pk
    if model in world.own:
        return None
    if model._meta.app_label in ("accounts", "sites", "booking"):
        raise LookupError(f"{name}: tests/admin/world.py needs a row of {model.__name__}.")
    # Other people's tables, in which there is no such row.
    return 987_654_321


class Visitor:
    """An actor's browser, which forgets what each request did."""

    def __init__(self, role: str, user: User | None) -> None:
        self.role = role
        self.client = Client(raise_request_exception=False)
        if user is not None and role in INSIDERS:
            sign_in(self.client, user)
        elif user is not None:
            self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            if role == "unverified":
                from django.utils import timezone

                from accounts import admin_sessions

                session = self.client.session
                admin_sessions.begin(session, now=timezone.now())
                session.save()
        self.cookies = self.client.cookies.output(header="", sep=";")

    def ask(self, method: str, path: str) -> Any:
        """The answer; whatever it changed is as before."""
        self.client.cookies = SimpleCookie(self.cookies)
        with transaction.atomic():
            answer = self.client.generic(
                method, path, "", content_type="application/x-www-form-urlencoded", REMOTE_ADDR="10.0.0.1"
            )
            if answer.streaming:
                b"".join(answer.streaming_content)
            transaction.set_rollback(True)
        return answer

    def cell(self, address: Address) -> str:
        """What GET and POST answer in the own district, and after a slash in another."""
        return ",".join(self._both(method, address) for method in ("GET", "POST"))

    def _both(self, method: str, address: Address) -> str:
        own = said(self.ask(method, address.own))
        if address.other is None or self.role not in INSIDERS:
            return own
        return f"{own}/{said(self.ask(method, address.other))}"


def said(answer: Any) -> str:
    """The status; of a redirect to a step of signing in, which."""
    target = answer.headers.get("Location", "")
    if answer.status_code == 302 and "/admin/login/" in target:
        return "login"
    if answer.status_code == 302 and "/admin/two-factor/" in target:
        return "step"
    return str(answer.status_code)
