"""A list is sent: each of its people is told once, reminded once, and nobody who cannot book any more."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django_q.models import OrmQ

from booking.models import ImportRun, Invitation, InvitationList, Message
from booking.operations.book import book
from booking.operations.invitations import send
from booking.operations.invitations.refusals import ListRefused
from booking.operations.invitations.send import carry_on, is_under_way, remind_list, send_list
from booking.operations.invitations.withdraw import put_back_list, withdraw_list, withdraw_person
from booking.operations.refusals import NotFound
from booking.operations.send_messages import send_messages
from booking.queries.invitations.lists import figures, preview
from tests.factories import CLOCK, make_administrator, make_citizen, make_patient, make_slot
from tests.invitation_factories import invite, invite_to, make_list, path_of

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "+8613812346621"


def sent(made, now=CLOCK):
    send_list(list_id=made.pk, now=now)
    carry_on(list_id=made.pk, now=now)
    send_messages(now=now)


def test_people_are_told_by_their_phone_in_their_language_and_named_to_nobody(programme, gateway, settings):
    settings.PUBLIC_ADDRESS = "https://ym.example"
    made = make_list(programme)
    chinese, english = invite(made, uuid4(), phone=PHONE), invite(made, uuid4(), phone="+8613812346622", language="en")

    sent(made)

    texts = {one.to: one.text for one in gateway}
    assert texts[PHONE] == (
        "【长沙疫苗】您可以凭邀请约带状疱疹了。请在 12 月 4 日 10:00 前打开 "
        f"https://ym.example{path_of(chinese)} 预约。邀请只对本人有效，转发没有用。"
    )
    assert (
        f"invited to book Shingles. Open https://ym.example{path_of(english)} by 10:00, 4 Dec."
        in (texts["+8613812346622"])
    )


def test_without_a_phone_the_own_account_is_told_rather_than_a_relatives(programme, gateway):
    made, person = make_list(programme), uuid4()
    make_patient(make_citizen(phone="+8613812340001"), person=person, relation="parent")
    own = make_patient(make_citizen(phone="+8613812340002"), person=person, relation="self", name="王秀兰")
    make_patient(make_citizen(phone="+8613812340003", is_active=False), person=person, relation="self")
    invite(made, person)
    invite(made, uuid4())

    sent(made)

    assert [(one.to, "王*兰可以凭邀请约" in one.text) for one in gateway] == [(str(own.user.phone), True)]


def test_a_list_is_sent_once_and_a_job_that_runs_again_tells_nobody_twice(programme, gateway):
    made = make_list(programme)
    for n in range(5):
        invite(made, uuid4(), phone=f"+861381234000{n}")

    sent(made)
    InvitationList.objects.update(done=0)
    carry_on(list_id=made.pk, now=CLOCK)
    send_messages(now=CLOCK)

    assert len(gateway) == Message.objects.count() == 5
    with pytest.raises(ListRefused) as refused:
        send_list(list_id=made.pk, now=CLOCK)
    assert refused.value.facts == {"reason": "sent"}


def test_a_long_list_is_gone_through_in_steps_that_may_stop_in_between(programme, monkeypatch):
    monkeypatch.setattr(send, "_AT_ONCE", 2)
    made = make_list(programme)
    for n in range(5):
        invite(made, uuid4(), phone=f"+861381234000{n}")
    send_list(list_id=made.pk, now=CLOCK)
    OrmQ.objects.all().delete()

    assert carry_on(list_id=made.pk, now=CLOCK, seconds=0) is True
    assert OrmQ.objects.count() == 1
    send._step(made.pk, now=CLOCK)
    made.refresh_from_db()
    assert (made.done, Message.objects.count(), is_under_way(made)) == (2, 2, True)
    assert carry_on(list_id=made.pk, now=CLOCK) is False
    made.refresh_from_db()
    assert (made.done, Message.objects.count(), is_under_way(made)) == (5, 5, False)


@pytest.mark.parametrize(
    ("fields", "people", "reason"),
    [
        ({}, 0, "nobody"),
        ({"expires_at": CLOCK}, 1, "over"),
        ({"withdrawn_at": CLOCK}, 1, "withdrawn"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_reason(programme, fields, people, reason):
    made = make_list(programme, **fields)
    for _ in range(people):
        invite(made, uuid4(), phone=PHONE)

    with pytest.raises(ListRefused) as refused:
        send_list(list_id=made.pk, now=CLOCK)

    assert refused.value.facts == {"reason": reason}
    with pytest.raises(NotFound):
        send_list(list_id=0, now=CLOCK)


def test_nobody_sends_a_list_into_which_people_are_coming(programme):
    made = make_list(programme)
    invite(made, uuid4(), phone=PHONE)
    ImportRun.objects.create(
        kind="invitations", state="running", by=made.made_by, created_at=CLOCK, file_name="x", invitation_list=made
    )

    with pytest.raises(ListRefused) as refused:
        send_list(list_id=made.pk, now=CLOCK)
    assert refused.value.facts == {"reason": "importing"}


def test_the_reminder_goes_once_to_those_who_have_not_booked(programme, gateway):
    made, booked, idle = make_list(programme), make_patient(), make_patient()
    invite(made, booked.person, phone="+8613812340001")
    invite(made, idle.person, phone="+8613812340002")
    with pytest.raises(ListRefused):
        remind_list(list_id=made.pk, now=CLOCK)
    sent(made)
    gateway.clear()
    slot = make_slot(programme=programme)
    book(account_id=booked.user_id, patient_id=booked.pk, slot_id=slot.pk, request_key="by-invitation", now=CLOCK)
    send_messages(now=CLOCK)
    gateway.clear()

    remind_list(list_id=made.pk, now=CLOCK + timedelta(days=3))
    carry_on(list_id=made.pk, now=CLOCK + timedelta(days=3))
    send_messages(now=CLOCK + timedelta(days=3))

    assert [one.to for one in gateway] == ["+8613812340002"]
    with pytest.raises(ListRefused) as refused:
        remind_list(list_id=made.pk, now=CLOCK + timedelta(days=4))
    assert refused.value.facts == {"reason": "reminded"}


def test_who_was_withdrawn_or_is_too_late_is_not_told(programme, gateway, clock):
    made, withdrawn = make_list(programme), make_list(programme)
    invite(made, uuid4(), phone=PHONE, withdrawn_at=CLOCK)
    invite(made, uuid4(), phone="+8613812340001")
    invite(withdrawn, uuid4(), phone="+8613812340002")
    for one in (made, withdrawn):
        send_list(list_id=one.pk, now=CLOCK)
        carry_on(list_id=one.pk, now=CLOCK)
    withdraw_list(list_id=withdrawn.pk, now=CLOCK)
    clock.move_to(made.expires_at)

    send_messages(now=made.expires_at)

    assert gateway == []


def test_figures_tell_sent_opened_booked_and_left(programme, gateway):
    made, booked = make_list(programme), make_patient()
    invite(made, booked.person, phone="+8613812340001", opened_at=CLOCK)
    invite(made, uuid4(), phone="+8613812340002", opened_at=CLOCK)
    invite(made, uuid4())
    invite(made, uuid4(), phone="+8613812340003", withdrawn_at=CLOCK)
    sent(made)
    slot = make_slot(programme=programme)
    book(account_id=booked.user_id, patient_id=booked.pk, slot_id=slot.pk, request_key="by-invitation", now=CLOCK)

    told = figures(made)

    assert (told.people, told.told, told.sent, told.opened, told.booked, told.withdrawn, told.left) == (
        4, 2, 2, 2, 1, 1, 2,
    )  # fmt: skip


def test_the_preview_counts_people_and_the_places_ahead_of_the_deadline(programme):
    made, with_account, booked = make_list(programme), make_patient(), make_patient()
    slot = make_slot(programme=programme, quota=3)
    make_slot(programme=programme, quota=50, opens_at=made.expires_at)
    make_slot(quota=50)
    invite_to(programme, booked.person)
    book(account_id=booked.user_id, patient_id=booked.pk, slot_id=slot.pk, request_key="by-invitation", now=CLOCK)
    for person, phone in ((with_account.person, None), (booked.person, PHONE), (uuid4(), None)):
        invite(made, person, phone=phone)
    invite_to(programme, with_account.person)
    invite_to(programme, uuid4())

    seen = preview(made, now=CLOCK)

    assert (seen.people, seen.without_phone, seen.unreachable, seen.booked, seen.complete) == (3, 2, 1, 1, 0)
    assert (seen.invited_already, seen.others, seen.places) == (1, 2, 2)
    assert set(seen.warnings) == {"few_places", "unreachable", "booked", "invited_already"}


def test_a_withdrawal_can_be_undone_for_an_hour_and_the_rest_is_told_then(programme, gateway):
    made = make_list(programme)
    invite(made, uuid4(), phone=PHONE)
    send_list(list_id=made.pk, now=CLOCK)
    withdraw_list(list_id=made.pk, now=CLOCK)
    assert carry_on(list_id=made.pk, now=CLOCK) is False
    with pytest.raises(ListRefused):
        put_back_list(list_id=made.pk, now=CLOCK + timedelta(hours=1))

    put_back_list(list_id=made.pk, now=CLOCK + timedelta(minutes=59))
    carry_on(list_id=made.pk, now=CLOCK)
    send_messages(now=CLOCK)

    assert [one.to for one in gateway] == [PHONE]


def test_a_person_who_is_on_no_list_leaves_a_trace_of_the_search_all_the_same(programme):
    from accounts.models import LookUp

    made, by = make_list(programme), make_administrator()
    with pytest.raises(NotFound):
        withdraw_person(
            list_id=made.pk, document_type="passport", number="E 1234567", by=by, reason="来电不要了", now=CLOCK
        )

    assert (LookUp.objects.get().by, LookUp.objects.get().reason) == (by, "来电不要了")
    assert not Invitation.objects.exists()
