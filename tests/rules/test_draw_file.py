"""Whatever is changed in a published file, the city's check and the script that anybody can run notice it."""

import functools
import hashlib

import pytest

from booking.rules.draw import commitment_of
from booking.rules.draw_file import check
from tests.rules.draw_files import accepted_by, make_file, rows_of, run_script, the_script, written


def resigned(rows):
    """As a forger would write it: every digest fits again, so that only the draw itself can tell."""
    closing = next(n for n, row in enumerate(rows) if row["kind"] == "closed")
    rows[closing]["sha256"] = hashlib.sha256(written(rows[:closing])).hexdigest()
    rows[-1]["sha256"] = hashlib.sha256(written(rows[:-1])).hexdigest()
    return rows


@pytest.fixture
def run(tmp_path):
    return functools.partial(run_script, tmp_path)


@pytest.fixture(scope="module")
def script():
    return the_script()


@pytest.mark.parametrize("number", range(150))
def test_both_come_to_the_same_on_any_draw(script, number):
    content = make_file(number)

    checked = check(content)
    *_, results = script["check"](content, "", "")

    assert [(one.name, one.slot) for one in checked.drawn] == results
    assert accepted_by(script, content) == (True, True)


def _seed(rows):
    next(row for row in rows if row["kind"] == "drawn")["seed"] = "0" * 64


def _seed_with_commitment(rows):
    _seed(rows)
    rows[0]["commitment"] = commitment_of("0" * 64)


def _public_value(rows):
    next(row for row in rows if row["kind"] == "drawn")["public_value"] += "1"


def _first(rows, kind):
    return next(row for row in rows if row["kind"] == kind)


def _place_added(rows):
    _first(rows, "places")["places"] += 50


def _slot_left_out(rows):
    rows.remove(_first(rows, "places"))
    _first(rows, "closed")["slots"] -= 1


def _slot_at_another_site(rows):
    _first(rows, "places")["site"] = "S777777"


def _no_places(rows):
    _first(rows, "places")["places"] = 0


def _entry_wishes_otherwise(rows):
    _first(rows, "entry")["sites"] = ["S000003", "S000000"]


def _entry_lost_more(rows):
    one = next(row for row in rows if row["kind"] == "entry" and row["rounds_lost"] < 3)
    one["rounds_lost"] = 3


def _entry_lost_too_many(rows):
    _first(rows, "entry")["rounds_lost"] = 9


def _entry_left_out(rows):
    rows.remove(_first(rows, "entry"))


def _entry_twice(rows):
    one = _first(rows, "entry")
    rows.insert(rows.index(one), dict(one))


def _results_exchanged(rows):
    with_place, without = (
        next(row for row in rows if row["kind"] == "result" and (row["slot"] is None) == is_none)
        for is_none in (False, True)
    )
    with_place["slot"], without["slot"] = without["slot"], with_place["slot"]


def _another_slot(rows):
    next(row for row in rows if row["kind"] == "result" and row["slot"])["slot"] += 1


def _ranks_exchanged(rows):
    first, second = [row for row in rows if row["kind"] == "result"][:2]
    first["entry"], second["entry"] = second["entry"], first["entry"]


def _result_left_out(rows):
    rows.remove(_first(rows, "result"))


def _counted_otherwise(rows):
    rows[-1]["placed"] += 1


def _another_algorithm(rows):
    rows[0]["algorithm"] = "draw-2"


def _a_field_missing(rows):
    del _first(rows, "entry")["any_site"]


CHANGES = [value for name, value in sorted(globals().items()) if name.startswith("_") and name[1:2].islower()]
CHANGES = [change for change in CHANGES if callable(change) and change is not _first]


@pytest.mark.parametrize("signed_again", [False, True])
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_whatever_is_changed_both_notice(script, run, change, signed_again):
    rows = rows_of(make_file(7))
    change(rows)
    content = written(resigned(rows) if signed_again else rows)

    assert accepted_by(script, content) == (False, False)
    done = run(content)
    assert done.returncode == 1
    assert "NOT RIGHT" in done.stderr


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b'"kind":"entry"', b'"kind": "entry"', 1),
        lambda content: content.replace(b'"any_site":', b'"any_site":true,"any_site":', 1),
        lambda content: b"",
        lambda content: b"[1]\n",
        lambda content: b"\xff\n",
    ],
    ids=["no last line end", "half", "other line ends", "a space", "a key twice", "empty", "a list", "no text"],
)
def test_a_file_that_is_written_otherwise_is_refused_by_both(script, run, spoil):
    content = spoil(make_file(7))

    assert accepted_by(script, content) == (False, False)
    assert run(content).returncode == 1
