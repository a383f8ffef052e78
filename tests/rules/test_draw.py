"""Who comes first in a draw, and who gets which place."""

import hashlib

import pytest

from booking.rules.draw import (
    CODE_LENGTH,
    SIGNS,
    Entry,
    Places,
    clean_code,
    commitment_of,
    counted,
    draw,
    entry_name,
    in_order,
)
from booking.rules.references import new_entry_code

SEED, VALUE = "5eed" * 16, "03 08 14 21 27 33 + 12"
FIRST, SECOND, THIRD = "2026-12-01", "2026-12-02", "2026-12-03"


def entry(code, *, sites=("A",), days=(), any_site=False, rounds_lost=0):
    return Entry(entry_name("a draw", code), tuple(sites), tuple(days), any_site, rounds_lost)


def got(entries, places, value=VALUE):
    """The slot of each entry, as they were given."""
    drawn = {one.name: one.slot for one in draw(SEED, value, entries, places)}
    return [drawn[one.name] for one in entries]


def alone(places, **wish):
    return got([entry("one", **wish)], places)[0]


def test_the_ticket_can_be_worked_out_by_hand():
    entries = [entry(f"code {n}") for n in range(20)]

    ordered = in_order(SEED, VALUE, entries)

    def by_hand(one):
        line = (
            '{"any_site":false,"days":[],"entry":"' + one.name + '","kind":"entry","rounds_lost":0,"sites":["A"]}'
        ).encode()
        return hashlib.sha256(f"{SEED}\n{VALUE}\n".encode() + line).hexdigest()

    assert ordered == sorted(entries, key=by_hand)
    assert ordered != in_order(SEED, "another value", entries)


def test_whoever_lost_more_rounds_comes_first_up_to_three():
    entries = [entry(f"code {n}", rounds_lost=n % 6) for n in range(60)]

    rounds = [counted(one.rounds_lost) for one in in_order(SEED, VALUE, entries)]

    assert rounds == sorted(rounds, reverse=True)
    assert set(rounds) == {0, 1, 2, 3}
    first = [one.rounds_lost for one in in_order(SEED, VALUE, entries)][:30]
    # Five lost rounds are no better than three.
    assert first != sorted(first, reverse=True)


def test_the_first_wanted_site_with_a_place_is_taken():
    places = [Places(1, "A", FIRST, "09:00", 1), Places(2, "B", FIRST, "09:00", 5)]

    assert alone(places, sites=["A", "B"]) == 1
    assert alone(places, sites=["B", "A"]) == 2
    assert alone(places, sites=["C", "A"]) == 1
    assert alone(places, sites=["C"]) is None


def test_at_a_site_the_earliest_day_that_would_do_and_on_it_the_slot_with_most_places_left():
    places = [
        Places(4, "A", SECOND, "09:00", 9),
        Places(3, "A", FIRST, "14:00", 2),
        Places(2, "A", FIRST, "10:00", 3),
        Places(1, "A", FIRST, "09:00", 2),
    ]

    assert alone(places) == 2
    assert alone(places, days=[SECOND, THIRD]) == 4
    assert alone(places, days=[THIRD]) is None
    people = [entry(f"code {n}") for n in range(7)]
    in_turn = [one.slot for one in draw(SEED, VALUE, people, places)]
    assert in_turn == [2, 1, 2, 3, 1, 2, 3]


def test_any_site_means_the_one_with_most_places_left_and_only_after_the_wanted_ones():
    places = [
        Places(1, "C", FIRST, "09:00", 3),
        Places(2, "B", SECOND, "09:00", 4),
        Places(3, "A", FIRST, "09:00", 3),
    ]

    assert alone(places, sites=["C"], any_site=True) == 1
    assert alone(places, sites=[], any_site=True) == 2
    # B has most, but not on this day; of the other two, which have as many, A has the smaller code.
    assert alone(places, sites=["D"], days=[FIRST], any_site=True) == 3
    assert alone(places, sites=["D"], days=[THIRD], any_site=True) is None
    assert alone(places, sites=["D"]) is None


def test_no_slot_is_given_more_often_than_it_has_places():
    places = [Places(1, "A", FIRST, "09:00", 2), Places(2, "A", FIRST, "10:00", 1), Places(9, "A", FIRST, "11:00", 0)]
    people = [entry(f"code {n}", any_site=True) for n in range(8)]

    slots = got(people, places)

    assert sorted(slot for slot in slots if slot) == [1, 1, 2]
    assert slots.count(None) == 5


def test_everybody_has_the_same_chance():
    people = [entry(f"code {n}") for n in range(10)]
    places = [Places(1, "A", FIRST, "09:00", 3)]
    won = [0] * 10

    for value in range(2000):
        for position, slot in enumerate(got(people, places, value=str(value))):
            won[position] += slot is not None

    assert sum(won) == 6000
    # 600 each; the standard deviation is 20.
    assert all(500 < times < 700 for times in won)


def test_codes_are_found_however_they_are_typed():
    code = new_entry_code()

    assert len(code) == CODE_LENGTH
    assert set(code) <= set(SIGNS)
    assert clean_code(f" {code[:4]}-{code[4:8]} {code[8:].lower()} ") == code
    assert clean_code("oOiIlL") == "001111"


@pytest.mark.parametrize("seed", [SEED, "0" * 64])
def test_the_commitment_is_the_digest_of_the_seeds_text(seed):
    assert commitment_of(seed) == hashlib.sha256(seed.encode("ascii")).hexdigest()
