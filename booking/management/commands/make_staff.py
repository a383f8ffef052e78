import json
import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.tokens import issue
from booking.demo.people import make_staff_member
from booking.management.arguments import find
from booking.management.permission import only_for_trying_out
from sites.models import DeskRole, Site


class Command(BaseCommand):
    help = (
        "Add a made-up staff member of a site and print one JSON object: "
        '{"token": ..., "username": ..., "password": ...}. Only in a demonstration or a rehearsal.'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--role", required=True, choices=DeskRole.values)

    def handle(self, *args: Any, site: str, role: str, **options: Any) -> None:
        only_for_trying_out()
        username = f"staff-{secrets.token_hex(4)}"
        user, sign_in = make_staff_member(username=username, site=find(Site, site), role=DeskRole(role))
        token, _ = issue(user.pk, timezone.now(), epoch=user.epoch)
        print(json.dumps({"token": token, "username": sign_in.username, "password": sign_in.password}))
