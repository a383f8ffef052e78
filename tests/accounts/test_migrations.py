"""What was stored readable before is encrypted afterwards, and comes back."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("accounts", "0003_look_ups_are_only_added")]


def migrate(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def test_email_addresses_become_encrypted_and_back():
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        old = migrate(BEFORE).get_model("accounts", "User")
        for name, email in (("ada", "Ada@Example.org"), ("twin", "ada@example.org"), ("none", "")):
            old.objects.create(username=name, email=email)
    finally:
        migrate(latest)

    assert dict(User.objects.values_list("username", "email")) == {"ada": "ada@example.org", "twin": None, "none": None}
    assert User.objects.reached_at("ada@example.org").get().username == "ada"

    try:
        found = migrate(BEFORE).get_model("accounts", "User").objects.values_list("username", "email")
        assert dict(found) == {"ada": "ada@example.org", "twin": "", "none": ""}
    finally:
        migrate(latest)
