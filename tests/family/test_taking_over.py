"""A grown-up takes over themselves, with appointments and records; only with the code and the document."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import hand_overs
from accounts.models import HandOverCode, Patient
from accounts.patients import TooManyPatients
from booking.models import Appointment, AppointmentEvent, Message
from booking.notifications import words
from booking.operations.book import book
from booking.operations.hand_over_patient import take_over_patient
from booking.operations.refusals import AlreadyBooked
from booking.operations.send_messages import send_messages
from booking.operations.tidy import tidy
from booking.queries.appointments import appointments_of
from booking.queries.records import doses_received
from deploy.cache import reached
from tests.factories import make_citizen, make_patient, make_programme, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


def booked(patient, now, key="request-1", **slot):
    return book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=make_slot(**slot).pk, request_key=key, now=now
    )


def end_of(patient):
    return patient.document_number[-4:]


def code_for(patient, now):
    return hand_overs.make_code(user_id=patient.user_id, patient_id=patient.pk, now=now)


def test_patient_appointments_and_records_move_and_the_old_account_sees_nothing_more(now, capsys):
    daughter, mother = make_citizen(), make_citizen()
    patient, sister = make_patient(daughter, relation="parent"), make_patient(daughter)
    ahead, given = booked(patient, now), booked(patient, now, "request-2")
    other = booked(sister, now, "request-3")
    Appointment.objects.filter(reference=given.reference).update(status="FULFILLED")

    taken = take_over_patient(account_id=mother.pk, code=code_for(patient, now), last_four=end_of(patient), now=now)

    patient.refresh_from_db()
    assert (taken, patient.user, patient.relation, patient.removed_at) == (patient.pk, mother, "self", None)
    assert {one.reference for one in appointments_of(mother.pk)} == {ahead.reference, given.reference}
    assert [one.reference for one in appointments_of(daughter.pk)] == [other.reference]
    assert [dose.appointment.reference for dose in doses_received(mother.pk)] == [given.reference]
    assert doses_received(daughter.pk) == []
    events = AppointmentEvent.objects.filter(kind="HANDED_OVER").order_by("pk")
    assert [(event.appointment.reference, event.by) for event in events] == [
        (ahead.reference, mother),
        (given.reference, mother),
    ]


def test_both_are_told_once_without_the_full_name(now, capsys):
    patient, mother = make_patient(), make_citizen()

    take_over_patient(account_id=mother.pk, code=code_for(patient, now), last_four=end_of(patient), now=now)

    told = {message.told: words(message) for message in Message.objects.select_related("account", "patient")}
    assert set(told) == {patient.user, mother}
    assert all("王*兰" in text and "王秀兰" not in text for text in told.values())
    assert send_messages(now=now) == 2
    assert send_messages(now=now) == 0


@pytest.mark.parametrize("wrong", ["code", "document", "late", "own account", "removed", "used"])
def test_every_wrong_try_gets_the_same_answer_and_moves_nothing(now, wrong):
    patient, mother = make_patient(), make_citizen()
    holder = patient.user
    tried = {"account_id": mother.pk, "code": code_for(patient, now), "last_four": end_of(patient), "now": now}
    if wrong == "code":
        tried["code"] = f"{(int(tried['code']) + 1) % 10**8:08d}"
    elif wrong == "document":
        tried["last_four"] = "XXXX"
    elif wrong == "late":
        tried["now"] = now + timedelta(minutes=10)
    elif wrong == "own account":
        tried["account_id"] = holder.pk
    elif wrong == "removed":
        Patient.objects.filter(pk=patient.pk).update(removed_at=now)
    else:
        HandOverCode.objects.update(used_at=now)

    with pytest.raises(hand_overs.CodeRefused):
        take_over_patient(**tried)

    patient.refresh_from_db()
    assert patient.user == holder
    assert Message.objects.count() == 0


def test_the_code_is_kept_as_a_hash_only_and_a_new_one_kills_the_one_before(now):
    patient, mother = make_patient(), make_citizen()
    first = code_for(patient, now)
    second = code_for(patient, now)

    assert re.fullmatch(r"[0-9]{8}", second)
    row = HandOverCode.objects.get()
    assert second not in str(vars(row))
    with pytest.raises(hand_overs.CodeRefused):
        take_over_patient(account_id=mother.pk, code=first, last_four=end_of(patient), now=now)
    assert take_over_patient(account_id=mother.pk, code=second, last_four=end_of(patient), now=now) == patient.pk


def test_guessing_the_document_kills_the_code_and_guessing_codes_stops_the_account(now):
    patient, thief, mother = make_patient(), make_citizen(), make_citizen()
    code = code_for(patient, now)

    for guess in range(hand_overs.TRIES_PER_CODE):
        with pytest.raises(hand_overs.CodeRefused):
            take_over_patient(account_id=thief.pk, code=code, last_four=f"000{guess}", now=now)
    with pytest.raises(hand_overs.CodeRefused):
        take_over_patient(account_id=mother.pk, code=code, last_four=end_of(patient), now=now)
    for _ in range(hand_overs.TRIES_AN_HOUR - hand_overs.TRIES_PER_CODE):
        with pytest.raises(hand_overs.CodeRefused):
            take_over_patient(account_id=thief.pk, code="12345678", last_four="0000", now=now)
    with pytest.raises(hand_overs.TooManyTries):
        take_over_patient(account_id=thief.pk, code="12345678", last_four="0000", now=now)


def test_without_the_cache_no_try_takes_place(now):
    patient, mother = make_patient(), make_citizen()
    code = code_for(patient, now)
    reached().breaker._open_until = float("inf")
    try:
        with pytest.raises(hand_overs.TooManyTries):
            take_over_patient(account_id=mother.pk, code=code, last_four=end_of(patient), now=now)
    finally:
        reached().breaker.worked()


def test_whoever_has_the_person_already_keeps_that_row_with_everything_in_it(now):
    patient, mother = make_patient(), make_citizen()
    own = make_patient(mother, name="妈妈自己", person=patient.person)
    ahead = booked(patient, now)

    taken = take_over_patient(account_id=mother.pk, code=code_for(patient, now), last_four=end_of(patient), now=now)

    assert taken == own.pk
    assert [(row.pk, row.name) for row in Patient.objects.filter(user=mother, removed_at=None)] == [
        (own.pk, "妈妈自己")
    ]
    assert [one.patient_id for one in appointments_of(mother.pk)] == [own.pk]
    assert appointments_of(mother.pk)[0].reference == ahead.reference
    assert Patient.objects.get(pk=patient.pk).removed_at == now


def test_a_full_list_is_told_so_and_the_code_stays_good(now):
    patient, mother = make_patient(), make_citizen()
    others = [make_patient(mother) for _ in range(6)]
    code = code_for(patient, now)

    with pytest.raises(TooManyPatients):
        take_over_patient(account_id=mother.pk, code=code, last_four=end_of(patient), now=now)
    Patient.objects.filter(pk=others[0].pk).update(removed_at=now)

    assert take_over_patient(account_id=mother.pk, code=code, last_four=end_of(patient), now=now) == patient.pk


def test_equal_request_keys_of_the_two_accounts_do_not_meet(now):
    patient, mother = make_patient(), make_citizen()
    own = make_patient(mother)
    booked(patient, now, "the-same-key")
    booked(own, now, "the-same-key")

    take_over_patient(account_id=mother.pk, code=code_for(patient, now), last_four=end_of(patient), now=now)

    assert len(appointments_of(mother.pk)) == 2


def test_only_grown_ups_are_handed_over(now, signed_in):
    child = make_patient(birth_date=date(2009, 1, 1))
    browser = signed_in(child.user)

    with pytest.raises(hand_overs.NotGrownUp):
        code_for(child, now)
    assert browser.post(f"/me/hand-over/{child.pk}/").status_code == 404
    assert "交给本人管理" not in browser.get(f"/family/{child.pk}/").content.decode()


def test_the_two_pages_do_it_and_each_side_reads_what_happened(signed_in):
    patient, mother = make_patient(), make_citizen()
    hers, his = signed_in(mother), signed_in(patient.user)

    before = his.get(f"/me/hand-over/{patient.pk}/").content.decode()
    shown = his.post(f"/me/hand-over/{patient.pk}/").content.decode()
    code = re.search(r'class="number">([0-9 ]+)<', shown).group(1)
    done = hers.post("/me/take-over/", {"code": code, "last_four": end_of(patient)}, follow=True).content.decode()

    assert 'class="number"' not in before
    assert "王秀兰 的预约和接种记录已转到您的账号" in done
    assert "转到本人的账号。不是您给的代码？" in his.get("/family/").content.decode()
    assert his.get(f"/family/{patient.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("code", "last_four", "sentence"),
    [
        ("", "1234", "请填写 8 位代码。"),
        ("1234", "1234", "代码应为 8 位数字，您填了 4 位。"),
        ("12345678", "", "请填写证件号码的最后 4 位。"),
        ("12345678", "123", "应为 4 位，您填了 3 位。"),
        ("1234 5678", "123X", "代码或证件号码不对，或者代码已经用过、过期。"),
    ],
)
def test_each_mistake_is_named_and_what_was_typed_is_kept(signed_in, code, last_four, sentence):
    page = html.unescape(
        signed_in(make_citizen()).post("/me/take-over/", {"code": code, "last_four": last_four}).content.decode()
    )

    assert sentence in page
    assert "<title>有错误：" in page
    assert not code or f'value="{code}"' in page


def test_codes_that_nobody_used_are_tidied_away(now):
    used, unused, mother = make_patient(), make_patient(), make_citizen()
    take_over_patient(account_id=mother.pk, code=code_for(used, now), last_four=end_of(used), now=now)
    code_for(unused, now)

    tidy(now=now + timedelta(hours=1))

    assert [row.patient for row in HandOverCode.objects.all()] == [used]


def test_a_message_is_about_somebody(now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(key="x", kind="HANDED_OVER", created_at=now, due_at=now)


def test_one_programme_twice_for_the_same_person_stays_impossible_across_the_hand_over(now):
    programme = make_programme()
    patient, mother = make_patient(), make_citizen()
    booked(patient, now, programme=programme)

    take_over_patient(account_id=mother.pk, code=code_for(patient, now), last_four=end_of(patient), now=now)

    patient.refresh_from_db()
    with pytest.raises(AlreadyBooked) as refused:
        booked(patient, now, "request-9", programme=programme)
    assert refused.value.facts["reference"] == appointments_of(mother.pk)[0].reference
