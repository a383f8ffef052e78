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


def test_email_addresses_become_readable_and_encrypted_again():
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    User.objects.create(username="ada", email="ada@example.org")
    User.objects.create(username="none", email=None)
    try:
        # Back and forth in one go: each way takes all the tables along.
        old = migrate(BEFORE).get_model("accounts", "User")
        assert dict(old.objects.values_list("username", "email")) == {"ada": "ada@example.org", "none": ""}
        old.objects.filter(username="ada").update(email="Ada@Example.org")
        old.objects.create(username="twin", email="ada@example.org")
        old.objects.create(username="new", email="Grace@Example.org")
    finally:
        migrate(latest)

    emails = {"ada": "ada@example.org", "twin": None, "none": None, "new": "grace@example.org"}
    assert dict(User.objects.values_list("username", "email")) == emails
    assert User.objects.reached_at("ada@example.org").get().username == "ada"
