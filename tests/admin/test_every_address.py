"""Every address of the admin × every role, against a table that people read before they check it in.

addresses.txt has a line for each address and method pair: name, then for each role what GET and POST answer; where the
address is about a row, the answer for a row of another district follows after a slash. `login` and `step` are redirects
to the password and to the second factor.

After adding an address:  REGENERATE=1 python -m pytest tests/admin/test_every_address.py  and read the difference.
A new table needs a row in world.py; a new argument that is no row's key needs a value in walk.py.
"""

import os
from datetime import datetime
from pathlib import Path

import pytest
import time_machine

from tests.admin.walk import INSIDERS, Visitor, addresses
from tests.admin.world import OTHER_NAMES, World

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("addresses.txt")
ROLES = ("anonymous", "citizen", "staff", "unverified", "site", "district", "city", "auditor", "superuser")
# What may be the same for everybody, or leads out of the admin.
OPEN = {"login", "logout"}
Table = dict[str, dict[str, str]]


@pytest.fixture
def world(now: datetime):
    with time_machine.travel(now, tick=False):
        yield World()


def _read() -> Table:
    found: Table = {}
    for line in TABLE.read_text().splitlines() if TABLE.exists() else []:
        name, *cells = line.split()
        found[name] = dict(cell.split("=", 1) for cell in cells)
    return found


def _write(table: Table, role: str, column: dict[str, str]) -> None:
    for name in [*table]:
        table[name].pop(role, None)
    for name, cell in column.items():
        table.setdefault(name, {})[role] = cell
    lines = [
        f"{name:<44} " + " ".join(f"{one}={table[name][one]}" for one in ROLES if one in table[name])
        for name in sorted(table)
        if table[name]
    ]
    TABLE.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_each_role_as_the_table_says(world: World, role: str) -> None:
    visitor = Visitor(role, world.actors()[role])

    column = {address.name: visitor.cell(address) for address in addresses(world)}

    if os.environ.get("REGENERATE"):
        _write(_read(), role, column)
    assert column == {name: cells[role] for name, cells in _read().items()}
    assert {name: cell for name, cell in column.items() if "50" in cell} == {}


@pytest.mark.parametrize("role", ["anonymous", "citizen", "staff", "unverified"])
def test_nobody_gets_anywhere_without_both_factors(role: str) -> None:
    wanted = "step" if role == "unverified" else "login"

    for name, cells in _read().items():
        if name not in OPEN and not name.startswith("two_factor"):
            assert cells[role] == f"{wanted},{wanted}", name


@pytest.mark.parametrize("role", ["site", "district"])
def test_rows_of_another_district_are_not_there(role: str) -> None:
    for name, cells in _read().items():
        for pair in cells[role].split(","):
            _own, _slash, other = pair.partition("/")
            assert other in ("", "403", "404", "405"), name


@pytest.mark.parametrize("role", [role for role in INSIDERS if role in ("site", "district")])
def test_no_page_of_ones_own_names_anything_of_another_district(world: World, role: str) -> None:
    visitor = Visitor(role, world.actors()[role])

    for address in addresses(world):
        answer = visitor.ask("GET", address.own)
        if answer.status_code == 200 and not answer.streaming:
            assert [name for name in OTHER_NAMES if name in answer.text] == [], address.name
