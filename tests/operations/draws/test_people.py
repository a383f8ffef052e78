"""An entry goes with its person: to another account, away with the account, and into what is held about somebody."""

import re
from datetime import date

import pytest

from accounts import hand_overs
from accounts.models import Patient
from booking.models import DrawEntry, Message, MessageKind, Suspicion, SuspicionState
from booking.notifications import words
from booking.operations.delete_account import delete_account
from booking.operations.draws.advance import advance_draws
from booking.operations.hand_over_patient import take_over_patient
from booking.operations.touts.refusals import BookingLocked
from booking.queries.draw_entries import my_entries
from booking.queries.draws import entries_in, published
from booking.queries.my_data import my_data
from booking.queries.touts import forget_locked
from booking.rules import bulk
from booking.rules.draw_file import read_list
from tests.draw_factories import AFTER, CLOSES, DURING, have_drawn, make_draw, make_draw_slot, make_entry
from tests.factories import CLOCK, make_citizen, make_patient

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draw():
    return make_draw()


def test_an_entry_goes_to_the_account_that_takes_its_person_over(draw):
    daughter, mother = make_citizen(), make_citizen()
    patient = make_patient(daughter, relation="parent")
    entry = make_entry(draw, patient)
    code = hand_overs.make_code(user_id=daughter.pk, patient_id=patient.pk, now=DURING)

    take_over_patient(account_id=mother.pk, code=code, last_four=patient.document_number[-4:], now=DURING)

    assert [one.code for one in my_entries(mother.pk, now=DURING)] == [entry.code]
    assert my_entries(daughter.pk, now=DURING) == []
    have_drawn(draw)
    assert my_entries(mother.pk, now=AFTER)[0].outcome == "BOOKED"


def test_a_deleted_account_is_in_no_draw_any_more_and_its_entries_lead_to_nobody(draw):
    patient = make_patient()
    person = patient.person
    make_entry(draw, patient)

    delete_account(account_id=patient.user_id, cancel_appointments=False, now=DURING)

    assert entries_in(draw.pk) == 0
    assert DrawEntry.objects.get().person != person


def test_whoever_deletes_their_account_after_the_closing_stays_in_the_list_and_gets_no_place(draw):
    patient = make_patient()
    make_entry(draw, patient)
    advance_draws(now=CLOSES)
    delete_account(account_id=patient.user_id, cancel_appointments=False, now=AFTER)

    have_drawn(draw)

    assert DrawEntry.objects.get().outcome == "PATIENT_GONE"
    assert not Message.objects.exists()
    assert len(read_list(published(draw.pk).content)[1]) == 1


def test_a_locked_account_enters_nobody(draw):
    patient = make_patient()
    Suspicion.objects.create(
        account=patient.user, sign=bulk.PEOPLE, state=SuspicionState.LOCKED, raised_at=CLOCK, decided_at=CLOCK
    )
    forget_locked()

    with pytest.raises(BookingLocked):
        make_entry(draw, patient)


def test_an_entry_is_among_what_is_held_about_somebody(draw):
    patient = make_patient()
    entry = make_entry(draw, patient, days=[draw.first_day])
    have_drawn(draw)

    (row,) = my_data(patient.user_id).draws

    assert (row["code"], row["days"], row["rank"], row["outcome"]) == (
        entry.code,
        draw.first_day.isoformat(),
        1,
        "BOOKED",
    )


def test_nothing_that_is_published_says_who_anybody_is(draw):
    patient = make_patient(name="欧阳娜娜", birth_date=date(1987, 6, 5))
    entry = make_entry(draw, patient)
    have_drawn(draw)

    content = published(draw.pk).content.decode()

    row = DrawEntry.objects.get()
    for secret in (entry.code, patient.name, str(patient.pk), str(row.pk), str(row.person), str(patient.user)):
        assert secret not in content
    # In a digest any four digits may stand by chance.
    assert "1987" not in re.sub(r"\b[0-9a-f]{64}\b", "", content)


@pytest.mark.parametrize(
    ("outcome", "zh", "en"),
    [
        ("NOT_PLACED", "没有中签。有下一轮会自动登记", "was not drawn. If there is a next round"),
        ("SLOT_GONE", "停诊或没有号了。有下一轮会自动登记", "closed or gone by then. If there is a next round"),
        ("ALREADY_BOOKED", "这一剂已经约好了。有疑问", "has this dose booked already. If you have"),
        ("NOT_ELIGIBLE", "已不符合接种条件。有疑问", "is not eligible any more. If you have"),
    ],
)
def test_people_are_told_why_they_have_no_place_and_what_comes_next(outcome, zh, en):
    draw = make_draw(make_draw_slot(places=1))
    make_entry(draw)
    make_entry(draw)
    have_drawn(draw)
    entry = DrawEntry.objects.get(outcome="NOT_PLACED")
    DrawEntry.objects.filter(pk=entry.pk).update(outcome=outcome)
    message = Message.objects.get(kind=MessageKind.NOT_DRAWN)

    assert zh in words(message)
    message.account.language = "en"
    assert en in words(message)


def test_whoever_is_placed_is_told_where_and_when(draw):
    patient = make_patient()
    make_entry(draw, patient)
    have_drawn(draw)

    told = words(Message.objects.get(kind=MessageKind.PLACED_BY_DRAW))

    appointment = DrawEntry.objects.get().appointment
    assert "中签了，已约好" in told
    assert appointment.reference in told
    assert appointment.slot.site.name in told
    assert Patient.objects.get().name not in told
