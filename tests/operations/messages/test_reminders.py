"""Reminders: the day before from 18:00, and two hours before; each appointment once, and only while it stands."""

from datetime import timedelta

import pytest
import time_machine

from booking.models import Message, MessageState
from booking.notifications import words
from booking.operations.cancel import cancel
from booking.operations.move import move
from booking.operations.send_messages import send_messages
from booking.operations.send_reminders import send_reminders
from tests.factories import make_citizen, make_patient

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(row=None):
    found = Message.objects.filter(kind__startswith="REMINDER")
    return sorted((found.filter(appointment=row) if row else found).values_list("kind", flat=True))


def at(now, hour, minute=0, days=0):
    return (now + timedelta(days=days)).replace(hour=hour, minute=minute)


def test_the_day_before_from_six_in_the_evening(tomorrow, now):
    tomorrow.books()

    assert send_reminders(now=at(now, 17, 59)) == 0
    assert send_reminders(now=at(now, 18)) == 1
    assert send_reminders(now=at(now, 18, 5)) == 0
    assert kinds() == ["REMINDER_DAY"]


def test_whoever_books_after_six_needs_no_reminder_of_the_day_before(tomorrow, now):
    tomorrow.books(now=at(now, 18, 1))

    assert send_reminders(now=at(now, 18, 5)) == 0


def test_two_hours_before_unless_booked_within_three(tomorrow, now):
    early, late = tomorrow.books(), tomorrow.books(now=at(now, 7, 1, days=1))

    assert send_reminders(now=at(now, 8, days=1)) == 1
    assert (kinds(early), kinds(late)) == (["REMINDER_HOURS"], [])


def test_a_day_reminder_that_nobody_wrote_in_the_evening_is_written_in_the_morning(tomorrow, now):
    tomorrow.books()

    assert send_reminders(now=at(now, 7, days=1)) == 1
    assert "今天 11月25日 10:00" in said(Message.objects.get(kind="REMINDER_DAY"), at(now, 8, days=1))


def test_a_moved_appointment_is_reminded_of_its_new_time(tomorrow, now, gateway):
    row = tomorrow.books()
    send_reminders(now=at(now, 18))
    later = tomorrow.at(2, 11)
    later.programme, later.site = row.programme, row.slot.site
    later.save()

    moved_at = at(now, 19)
    move(account_id=row.booked_by_id, reference=row.reference, slot_id=later.pk, request_key="move-0001", now=moved_at)
    send_messages(now=moved_at)
    send_reminders(now=at(now, 18, days=1))

    old, new = Message.objects.filter(kind="REMINDER_DAY").order_by("created_at")
    assert (old.state, new.key) == (MessageState.OVER, f"REMINDER_DAY:{row.reference}:{later.pk}")


def test_whoever_moves_there_after_six_has_just_been_told(tomorrow, now):
    away = tomorrow.at(5, 9)
    away.programme, away.site = tomorrow.slot.programme, tomorrow.slot.site
    away.save()
    row = tomorrow.books(slot=away)

    move(
        account_id=row.booked_by_id,
        reference=row.reference,
        slot_id=tomorrow.slot.pk,
        request_key="move-0001",
        now=at(now, 19),
    )

    assert send_reminders(now=at(now, 19, 5)) == 0


def test_nobody_is_reminded_of_what_was_cancelled_meanwhile(tomorrow, now, gateway):
    row = tomorrow.books()
    send_reminders(now=at(now, 18))
    cancel(account_id=row.booked_by_id, reference=row.reference, now=at(now, 18, 1))

    send_messages(now=at(now, 18, 2))

    assert [posted.json["kind"] for posted in gateway.posted] == ["cancelled"]
    assert Message.objects.get(kind="REMINDER_DAY").state == MessageState.OVER
    # Nor is anybody told of a booking that is no longer there.
    assert Message.objects.get(kind="BOOKED").state == MessageState.OVER


def test_a_reminder_that_could_not_be_sent_is_dropped_once_the_slot_has_begun(tomorrow, now, gateway):
    tomorrow.books()
    send_reminders(now=at(now, 18))
    gateway.status = 503
    send_messages(now=at(now, 18))
    gateway.status = 200

    send_messages(now=at(now, 10, 1, days=1))

    assert Message.objects.get(kind="REMINDER_DAY").state == MessageState.OVER


def test_a_closed_slot_reminds_nobody(tomorrow, now):
    tomorrow.books()
    tomorrow.slot.closed_at = now
    tomorrow.slot.save()

    assert send_reminders(now=at(now, 18)) == 0


def said(message, now):
    with time_machine.travel(now, tick=False):
        return words(message)


def test_it_says_when_who_what_where_what_to_bring_and_how_to_give_the_place_up(tomorrow, now):
    row = tomorrow.books()
    send_reminders(now=at(now, 18))

    text = said(Message.objects.get(kind="REMINDER_DAY"), at(now, 18))

    for part in (
        "明天 11月25日 10:00",
        "王*兰 流感",
        row.slot.site.name,
        row.reference,
        "请带身份证件。",
        "来不了请回复 T",
    ):
        assert part in text


def test_a_childs_booklet_is_asked_for_in_english_too(tomorrow, now):
    parent = make_citizen(language="en")
    child = make_patient(parent, birth_date=(now - timedelta(days=3000)).date(), relation="child")
    tomorrow.books(child)
    send_reminders(now=at(now, 18))

    text = said(Message.objects.get(kind="REMINDER_DAY"), at(now, 18))

    assert "tomorrow 25 Nov 10:00" in text
    assert "Bring your ID and the vaccination booklet. Cannot come? Reply T" in text
