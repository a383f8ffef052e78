"""Who may be in a draw, once, with which wishes, and until when."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from accounts.models import Patient
from booking.models import DrawEntry
from booking.operations.draws.advance import advance_draws
from booking.operations.draws.announce import call_off
from booking.operations.draws.enter import change, withdraw
from booking.operations.draws.refusals import AlreadyEntered, NotEntering, WishRefused
from booking.operations.refusals import AlreadyBooked, NotEligible, NotFound
from booking.queries.draw_entries import line_by_code, my_entries, my_entry
from booking.queries.draws import entries_in, published
from booking.rules.draw_file import read_list
from tests.draw_factories import AFTER, CLOSES, DURING, FIRST, OPENS, make_draw, make_draw_slot, make_entry
from tests.factories import make_appointment, make_patient, make_programme

pytestmark = pytest.mark.django_db(transaction=True)


def account_of(entry):
    return Patient.objects.get(pk=entry.patient_id).user_id


@pytest.fixture
def slot():
    return make_draw_slot(places=3)


@pytest.fixture
def draw(slot):
    return make_draw(slot)


def test_an_entry_tells_what_was_wished_for(draw, slot):
    days = [FIRST + timedelta(days=2), FIRST]
    entry = make_entry(draw, sites=[slot.site.code], days=days, any_site=True)

    assert [site.code for site in entry.sites] == [slot.site.code]
    assert entry.days == (FIRST, FIRST + timedelta(days=2))
    assert (entry.any_site, entry.rounds_lost, entry.rank, entry.outcome) == (True, 0, None, "")
    assert entry.can_change
    assert my_entries(account_of(entry), now=DURING) == [entry]
    assert my_entry(make_patient().user_id, entry.entry_id, now=DURING) is None
    assert line_by_code(draw.pk, entry.code) is None


def test_a_person_is_in_a_draw_once_whichever_account_enters_them(draw):
    mother = make_patient()
    entry = make_entry(draw, mother)
    in_another_account = make_patient(person=mother.person)

    with pytest.raises(AlreadyEntered) as own:
        make_entry(draw, mother)
    with pytest.raises(AlreadyEntered) as other:
        make_entry(draw, in_another_account)

    assert own.value.facts == {"entry": entry.entry_id}
    assert other.value.facts == {"entry": None}
    assert entries_in(draw.pk) == 1


def test_whoever_was_taken_off_a_list_can_be_entered_by_another_account(draw):
    mother = make_patient()
    make_entry(draw, mother)
    Patient.objects.filter(pk=mother.pk).update(removed_at=DURING)

    entry = make_entry(draw, make_patient(person=mother.person))

    assert list(DrawEntry.objects.filter(withdrawn_at=None).values_list("pk", flat=True)) == [entry.entry_id]


@pytest.mark.parametrize(
    ("now", "reason"),
    [(OPENS - timedelta(seconds=1), "not_yet"), (CLOSES, "over"), (AFTER, "over")],
)
def test_the_window_counts(draw, now, reason):
    with pytest.raises(NotEntering) as error:
        make_entry(draw, now=now)

    assert error.value.facts == {"reason": reason, "from_time": OPENS if reason == "not_yet" else None}


def test_once_the_entries_are_closed_no_clock_that_is_slow_lets_anybody_in(draw):
    entry = make_entry(draw)
    advance_draws(now=CLOSES)

    for act in (
        lambda: make_entry(draw, now=DURING),
        lambda: change(account_id=account_of(entry), entry_id=entry.entry_id, any_site=True, now=DURING),
        lambda: withdraw(account_id=account_of(entry), entry_id=entry.entry_id, now=DURING),
    ):
        with pytest.raises(NotEntering):
            act()
    assert entries_in(draw.pk) == 1


def test_nobody_enters_a_draw_that_was_called_off(draw):
    call_off(draw_id=draw.pk, now=DURING)

    with pytest.raises(NotEntering) as error:
        make_entry(draw)
    assert error.value.facts["reason"] == "called_off"


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"any_site": False}, "no_site"),
        ({"sites": ["S1"]}, "unknown_site"),
        ({"sites": ["S1", "S1"]}, "too_many_sites"),
        ({"sites": [f"S{n}" for n in range(6)]}, "too_many_sites"),
        ({"any_site": True, "days": [FIRST - timedelta(days=1)]}, "unknown_day"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(draw, wish, reason):
    with pytest.raises(WishRefused) as error:
        make_entry(draw, **wish)
    assert error.value.facts["reason"] == reason


def test_whoever_may_not_have_the_dose_is_not_in_the_draw():
    draw = make_draw(make_draw_slot(make_programme(release_mode="draw", max_age=30)))

    with pytest.raises(NotEligible) as error:
        make_entry(draw)
    assert error.value.facts["reason"] == "too_old"


def test_days_on_which_they_may_not_have_it_are_left_out():
    draw = make_draw(make_draw_slot(make_programme(release_mode="draw", min_age=9)))
    child = make_patient(birth_date=date(FIRST.year - 9, FIRST.month, FIRST.day) + timedelta(days=4))

    entry = make_entry(draw, child)

    assert entry.days == tuple(FIRST + timedelta(days=n) for n in (4, 5, 6))
    assert make_entry(draw, make_patient(birth_date=date(2000, 1, 1))).days == ()


def test_whoever_has_an_appointment_for_the_dose_is_not_in_the_draw(draw, slot):
    booked = make_appointment(make_draw_slot(slot.programme, day=20))

    with pytest.raises(AlreadyBooked):
        make_entry(draw, booked.patient)


def test_somebody_elses_patient_and_a_draw_that_there_is_not_are_not_found(draw):
    patient = make_patient()
    patient.user_id = make_patient().user_id

    with pytest.raises(NotFound):
        make_entry(draw, patient)
    draw.pk = uuid4()
    with pytest.raises(NotFound):
        make_entry(draw)


def test_a_wish_is_changed_and_the_code_stays(draw, slot):
    entry = make_entry(draw)
    own = {"account_id": account_of(entry), "entry_id": entry.entry_id, "now": DURING}

    changed = change(sites=[slot.site.code], days=[FIRST], **own)

    assert (changed.code, changed.days, changed.any_site) == (entry.code, (FIRST,), False)
    with pytest.raises(NotFound):
        change(any_site=True, **{**own, "account_id": make_patient().user_id})


def test_whoever_withdraws_is_not_in_the_list_and_may_come_back_until_it_closes(draw):
    gone, back = make_entry(draw), make_entry(draw)
    for entry in (gone, back):
        own = {"account_id": account_of(entry), "entry_id": entry.entry_id, "now": DURING}
        withdraw(**own)
        withdraw(**own)
        with pytest.raises(NotFound):
            change(any_site=True, **own)
    again = make_entry(draw, Patient.objects.get(pk=back.patient_id))
    removed = make_entry(draw)
    Patient.objects.filter(pk=removed.patient_id).update(removed_at=DURING)

    advance_draws(now=CLOSES)

    _, entries = read_list(published(draw.pk).content)
    assert len(entries) == entries_in(draw.pk) == 1
    assert line_by_code(draw.pk, again.code) is not None
    assert line_by_code(draw.pk, back.code) is None


def test_a_code_is_found_however_it_is_typed(draw):
    code = make_entry(draw).code
    advance_draws(now=CLOSES)

    typed = "-".join(code[n : n + 4] for n in range(0, 16, 4)).lower().replace("0", "o").replace("1", "l")

    assert line_by_code(draw.pk, typed).code == code
    assert line_by_code(draw.pk, "") is None
