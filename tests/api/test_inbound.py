"""Answers by text message: signed by the gateway, carried out once, and told by message. Numbers are kept nowhere."""

import json
from datetime import timedelta

import pytest
import time_machine

from accounts.channels import signing
from booking.models import Appointment, InboundText, Message, Offer, OfferState, Status
from booking.notifications import words
from booking.operations.send_messages import send_messages
from booking.operations.send_reminders import send_reminders
from booking.rules.inbound import number_of
from tests.factories import make_citizen, make_patient
from tests.operations.messages.conftest import Tomorrow
from tests.waitlist_factories import Leftovers, pending

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "shared with the gateway"
PHONE = "+8613812346621"


@pytest.fixture(autouse=True)
def clock(now, settings):
    settings.SMS_INBOUND_SECRET = SECRET
    with time_machine.travel(now, tick=False) as found:
        yield found


@pytest.fixture
def citizen():
    return make_citizen(phone=PHONE)


def text(client, said, now, *, key="gateway-1", sender=PHONE, secret=SECRET, signed_at=None, received_at=None, **more):
    fields = {"id": key, "from": sender, "text": said, "received_at": (received_at or now).isoformat(), **more}
    body = json.dumps(fields).encode()
    signed = signing.headers(secret, body, now=signed_at or now)
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed.items()}
    return client.post("/api/v1/sms/inbound", body, content_type="application/json", **headers)


def result(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["result"]


@pytest.fixture
def offered(citizen, now):
    leftovers = Leftovers(now.replace(hour=11))
    leftovers.waits(make_patient(citizen))
    leftovers.begins()
    return pending()[0]


@pytest.fixture
def at_eleven(clock, now):
    clock.move_to(now.replace(hour=11, minute=1))
    return now.replace(hour=11, minute=1)


def test_yes_takes_the_offer(client, offered, at_eleven):
    assert result(text(client, "１", at_eleven)) == "accepted"

    offered.refresh_from_db()
    assert offered.state == OfferState.ACCEPTED
    assert Message.objects.filter(kind="BOOKED").count() == 1


def test_no_declines_it_and_says_so(client, offered, at_eleven):
    assert result(text(client, "不要。", at_eleven)) == "declined"

    offered.refresh_from_db()
    assert offered.state == OfferState.DECLINED
    assert "这个号不给王*兰了。候补还在" in words(Message.objects.get(kind="TEXT_DECLINED"))


def test_the_same_text_again_is_answered_alike_and_changes_nothing(client, offered, at_eleven):
    assert result(text(client, "0", at_eleven)) == "declined"
    # Whatever the repeat says: it is the same text.
    assert result(text(client, "1", at_eleven)) == "declined"

    assert Message.objects.filter(kind__startswith="TEXT").count() == 1
    assert InboundText.objects.get().outcome == "declined"


def test_an_offer_that_is_over_is_said_to_be(client, offered, clock, now):
    clock.move_to(later := now.replace(hour=11, minute=20))

    assert result(text(client, "1", later)) == "failed"
    assert "没有等您答复的号" in words(Message.objects.get(kind="TEXT_FAILED"))
    assert Appointment.objects.count() == 0


def reminded(citizen, now, clock, people=1):
    day = Tomorrow(now)
    rows = [day.books(make_patient(citizen)) for _ in range(people)]
    clock.move_to(evening := now.replace(hour=18))
    send_reminders(now=evening)
    send_messages(now=evening)
    return rows, evening


def test_t_cancels_what_somebody_was_reminded_of(client, citizen, now, clock):
    [row], evening = reminded(citizen, now, clock)

    assert result(text(client, "Ｔ", evening)) == "cancelled"

    row.refresh_from_db()
    assert row.status == Status.CANCELLED
    assert "18:10 前登录可恢复" in words(Message.objects.get(kind="CANCELLED"))


def test_t_before_any_reminder_cancels_nothing(client, citizen, now):
    row = Tomorrow(now).books(make_patient(citizen))

    assert result(text(client, "T", now)) == "failed"
    row.refresh_from_db()
    assert row.status == Status.BOOKED


def test_with_several_people_it_is_asked_who_and_the_number_says_it(client, citizen, now, clock):
    [one, other], evening = reminded(citizen, now, clock, people=2)

    assert result(text(client, "T", evening)) == "which"
    question = words(Message.objects.get(kind="TEXT_WHICH"))
    numbers = {row.reference: number_of(row.reference, 2) for row in (one, other)}
    if len(set(numbers.values())) == 2:
        assert all(f"{number}：王*兰 11月25日 10:00" in question for number in numbers.values())
    assert Appointment.objects.live().count() == 2

    number = number_of(other.reference, 4)
    assert result(text(client, f"T {number}", evening, key="gateway-2")) == "cancelled"
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.status, other.status) == (Status.BOOKED, Status.CANCELLED)


def test_a_number_that_names_nobody_does_nothing(client, citizen, now, clock):
    [row], evening = reminded(citizen, now, clock)
    wrong = next(str(n) for n in range(10, 99) if str(n) != number_of(row.reference, 2))

    assert result(text(client, f"T{wrong}", evening)) == "failed"
    row.refresh_from_db()
    assert row.status == Status.BOOKED


def test_somebody_elses_phone_answers_nothing_of_mine(client, offered, at_eleven):
    make_citizen(phone="+8613812340000")

    assert result(text(client, "1", at_eleven, sender="+8613812340000")) == "failed"
    assert Offer.objects.get().state == OfferState.PENDING


def test_what_nobody_understands_is_explained_once_a_day(client, citizen, now, clock):
    assert result(text(client, "你好", now, key="a")) == "help"
    assert result(text(client, "在吗？", now, key="b")) == "silent"
    assert Message.objects.filter(kind="TEXT_HELP").count() == 1

    clock.move_to(later := now + timedelta(days=1))
    assert result(text(client, "你好", later, key="c")) == "help"


def test_a_number_that_nobody_has_gets_no_answer(client, now):
    assert result(text(client, "1", now, sender="+8613900000000")) == "unknown_sender"
    assert result(text(client, "1", now, sender="10086", key="b")) == "unknown_sender"
    assert Message.objects.count() == 0


def test_the_senders_number_is_kept_nowhere_and_not_logged(client, citizen, now, caplog):
    text(client, "你好", now)

    kept = str(InboundText.objects.values())
    assert "12346621" not in kept
    assert "12346621" not in caplog.text
    assert "你好" not in kept


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"secret": "another"}, 401),
        ({"signed_at": timedelta(minutes=-6)}, 401),
        ({"signed_at": timedelta(minutes=6)}, 401),
        ({"key": "a b"}, 400),
        ({"key": "x" * 81}, 400),
        ({"text": "x" * 1001}, 400),
        ({"received_at": "yesterday"}, 400),
    ],
)
def test_what_the_gateway_has_not_signed_or_said_rightly_is_refused(client, citizen, now, wrong, status):
    if "signed_at" in wrong:
        wrong = {"signed_at": now + wrong["signed_at"]}
    body = {name: value for name, value in wrong.items() if name in ("text", "received_at")}
    plain = {name: value for name, value in wrong.items() if name not in body}
    if "received_at" in body:
        fields = json.dumps({"id": "1", "from": PHONE, "text": "1", **body}).encode()
        signed = signing.headers(SECRET, fields, now=now)
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed.items()}
        answer = client.post("/api/v1/sms/inbound", fields, content_type="application/json", **headers)
    else:
        answer = text(client, body.get("text", "1"), now, **plain)

    assert answer.status_code == status
    assert InboundText.objects.count() == 0


def test_without_a_secret_nobody_can_answer_by_text(client, citizen, now, settings):
    settings.SMS_INBOUND_SECRET = ""

    assert text(client, "1", now, secret="").status_code == 401


def test_a_text_that_was_on_its_way_for_a_day_does_nothing(client, citizen, now, clock):
    [row], evening = reminded(citizen, now, clock)

    assert result(text(client, "T", evening, received_at=evening - timedelta(hours=13))) == "too_old"
    row.refresh_from_db()
    assert row.status == Status.BOOKED


def test_whoever_writes_all_the_time_is_not_read_any_more(client, citizen, now):
    results = [result(text(client, "你好", now, key=f"k{n}")) for n in range(22)]

    assert results[0] == "help"
    assert results[1:20] == ["silent"] * 19
    assert results[20:] == ["too_many"] * 2
