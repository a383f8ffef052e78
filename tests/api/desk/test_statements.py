"""What a desk's calls cost: hundreds of clinics scan at the same hour, and their devices ask every few seconds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.desk.test_acts import send, wire
from tests.desk_factories import make_desk, make_expected


@pytest.fixture
def clerk(site):
    return make_desk(site, "registration")


@pytest.fixture
def desk(clerk, signed_in):
    return signed_in(clerk)


@pytest.mark.django_db(transaction=True)
def test_a_scan_costs_sixteen_statements_with_its_begin_and_commit(site, clerk, desk):
    first, second = make_expected(site, 2)
    send(desk, wire(first, clerk))

    with CaptureQueriesContext(connection) as asked:
        (told,) = send(desk, wire(second, clerk, sequence=2)).json()["results"]

    assert told["code"] == "on_time"
    statements = [one["sql"] for one in asked.captured_queries]
    assert len(statements) == 16, "\n".join(statements)


def test_asking_for_news_where_there_is_none_costs_six_statements(site, clerk, desk):
    make_expected(site, 3)
    cursor = desk.get("day-list?site=A1").json()["cursor"]

    with CaptureQueriesContext(connection) as asked:
        assert desk.get(f"day-list?site=A1&since={cursor}").json()["rows"] == []

    assert len(asked) == 6


def test_news_of_many_cost_one_statement_more_than_none(site, clerk, desk):
    make_expected(site, 30)

    with CaptureQueriesContext(connection) as asked:
        assert len(desk.get("day-list?site=A1").json()["rows"]) == 30

    assert len(asked) == 7
