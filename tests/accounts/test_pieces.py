"""Many rows a piece at a time, and a session that ends between two of them."""

import psycopg
import pytest
from django.db import Error as LedgerError
from django.db import connection

from accounts.models import User
from accounts.pieces import in_pieces
from tests.factories import make_citizen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session_ends(monkeypatch: pytest.MonkeyPatch):
    """This test's session with the ledger is ended by somebody else when the rows are read and the cursor is closed."""
    there = connection.settings_dict
    address = {"host": there["HOST"], "port": there["PORT"], "user": there["USER"], "password": there["PASSWORD"]}
    close = psycopg.ServerCursor.close

    def ends_and_closes(cursor) -> None:
        with psycopg.connect(**address, dbname=there["NAME"], autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 2000)", [cursor.connection.info.backend_pid])
        close(cursor)

    monkeypatch.setattr(psycopg.ServerCursor, "close", ends_and_closes)
    yield
    monkeypatch.undo()
    connection.close()


def test_every_row_comes_once():
    made = {make_citizen().pk for _ in range(5)}

    assert sorted(in_pieces(User.objects.values_list("pk", flat=True), size=2)) == sorted(made)


def test_a_session_that_ends_meanwhile_is_told_as_every_failure_of_the_ledger_is(session_ends):
    make_citizen()

    with pytest.raises(LedgerError):
        list(in_pieces(User.objects.all()))


def test_without_that_the_driver_tells_it_and_nobody_knows_what_to_do(session_ends):
    make_citizen()

    with pytest.raises(psycopg.Error) as told:
        list(User.objects.iterator())
    assert not isinstance(told.value, LedgerError)
