"""The link of an invitation: the right is its person's, and whoever else has it learns and gets nothing."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts import signed_ids
from accounts.models import Patient
from accounts.patients import person_key
from booking.models import Appointment, Invitation, InvitationList, ReleaseMode
from booking.operations.book import book
from booking.operations.cancel import cancel
from booking.operations.refusals import NotYourTurn
from tests.factories import CLOCK, make_citizen, make_patient, make_programme, make_resident_id, make_slot
from tests.invitation_factories import invite_to, path_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(CLOCK, tick=False) as machine:
        yield machine


@pytest.fixture
def patient():
    return make_patient(name="王秀兰")


@pytest.fixture
def slot():
    return make_slot(programme=make_programme(release_mode=ReleaseMode.INVITATION, name="带状疱疹", name_en="Shingles"))


@pytest.fixture
def invitation(slot, patient):
    return invite_to(slot.programme, patient.person)


def browser(user=None, language="zh-hans") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    if user:
        client.force_login(user)
    return client


def said(response) -> str:
    page = re.sub(r"<head.*?</head>|<script.*?</script>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def try_to_book(patient, slot, key="by-invitation"):
    return book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=f"{key}-{patient.pk}", now=CLOCK
    )


def without_token(response) -> str:
    return re.sub(r"nonce-[^']+|csrfmiddlewaretoken[^>]+", "", response.content.decode())


def test_whoever_has_not_signed_in_reads_what_it_is_for_and_not_for_whom(invitation):
    page = browser().get(path_of(invitation))

    assert page.status_code == 200
    assert "带状疱疹：邀请预约" in said(page)
    assert "12 月 4 日 周五 10:00" in said(page)
    assert "邀请只对收到的人有效" in said(page)
    assert f"/sign-in/?next={path_of(invitation).replace('/', '%2F')}" in page.content.decode()
    assert "王" not in said(page)
    assert Invitation.objects.get().opened_at is None


def test_the_invited_person_is_led_into_the_journey_and_the_first_opening_is_kept(invitation, patient, slot, clock):
    page = browser(patient.user).get(path_of(invitation))

    assert "王秀兰" in said(page)
    assert f'href="/book/{patient.pk}/{slot.programme.code}/"' in page.content.decode()
    clock.move_to(CLOCK + timedelta(hours=1))
    browser(patient.user).get(path_of(invitation))
    assert Invitation.objects.get().opened_at == CLOCK


def test_another_account_with_the_same_link_gets_no_hint_and_no_place(invitation, slot):
    stranger = make_patient(name="李雷")

    page = browser(stranger.user).get(path_of(invitation))

    assert "您的“家人”里没有收到这个邀请的人。" in said(page)
    assert not [name for name in ("王", "李雷") if name in said(page)]
    assert "/book/" not in re.sub(r'href="/book/"', "", page.content.decode())
    assert Invitation.objects.get().opened_at is None
    with pytest.raises(NotYourTurn):
        try_to_book(stranger, slot)
    assert not Appointment.objects.exists()


def test_adding_the_person_by_the_right_document_makes_it_fit(slot):
    number = make_resident_id(born="19580314")
    invitation = invite_to(slot.programme, person_key("resident_id", number))
    daughter = browser(make_citizen())
    assert "添加接种人" in said(daughter.get(path_of(invitation)))

    daughter.post(
        f"/family/add/?next={path_of(invitation)}",
        {"name": "王秀兰", "document_type": "resident_id", "document_number": number, "relation": "parent",
         "next": path_of(invitation)},
    )  # fmt: skip

    added = Patient.objects.get()
    assert added.person == invitation.person
    assert f"/book/{added.pk}/" in daughter.get(path_of(invitation)).content.decode()
    try_to_book(added, slot)


def test_a_used_link_says_so_to_everybody_and_lives_again_after_a_cancellation(invitation, patient, slot):
    booked = try_to_book(patient, slot)

    for who in (None, patient.user, make_patient().user):
        page = browser(who).get(path_of(invitation))
        assert "这个邀请已经用过了" in said(page)
        assert booked.reference not in page.content.decode()
        assert "王" not in said(page)
    cancel(account_id=patient.user_id, reference=booked.reference, now=CLOCK)
    assert "去选接种点" in said(browser(patient.user).get(path_of(invitation)))


def test_the_deadline_is_the_servers(invitation, patient, slot, clock):
    clock.move_to(CLOCK + timedelta(days=10))

    page = browser(patient.user).get(path_of(invitation), headers={"Date": "Tue, 24 Nov 2026 02:00:00 GMT"})

    assert "这个邀请过期了" in said(page)
    with pytest.raises(NotYourTurn):
        book(
            account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="too-late",
            now=CLOCK + timedelta(days=10),
        )  # fmt: skip


def test_a_withdrawn_one_says_so_and_lets_nobody_book(invitation, patient, slot):
    InvitationList.objects.update(withdrawn_at=CLOCK)

    assert "这个邀请收回了" in said(browser(patient.user).get(path_of(invitation)))
    with pytest.raises(NotYourTurn):
        try_to_book(patient, slot)


def test_forged_altered_unsent_and_unknown_links_are_one_and_the_same_page(invitation, patient, slot):
    real = path_of(invitation)
    gone = invite_to(slot.programme, make_patient().person)
    dead = path_of(gone)
    gone.delete()
    forged = [
        real[:3] + ("A" if real[3] != "A" else "B") + real[4:],
        real[:-2] + ("A" if real[-2] != "A" else "B") + "/",
        f"/i/{signed_ids.signed('another kind', invitation.pk)}/",
        f"/i/{invitation.pk}/",
        "/i/中文中文中文中文中文中文中文中文中文中文中文中文中文中文/",
        dead,
        path_of(invite_to(slot.programme, patient.person, sent_at=None)),
        path_of(invite_to(slot.programme, patient.person, sent_at=CLOCK + timedelta(minutes=1))),
    ]

    pages = [browser(patient.user).get(address) for address in forged]

    assert {page.status_code for page in pages} == {404}
    assert len({said(page) for page in pages}) == 1
    assert "没有这个邀请" in said(pages[0])


def test_a_forged_link_costs_no_statement_about_invitations(django_assert_max_num_queries):
    with django_assert_max_num_queries(0):
        assert signed_ids.read("invitation", "A" * 28) is None


def test_the_link_is_short_and_says_nothing_about_anybody(invitation, patient):
    link = path_of(invitation)

    assert len(link) == 32
    assert patient.person.hex not in link
    assert str(invitation.pk) not in link


def test_all_of_it_is_there_in_english(invitation, patient):
    for who in (None, patient.user, make_patient().user):
        page = browser(who, "en").get(path_of(invitation))
        assert "Shingles" in said(page)
        assert (
            re.search(
                "[\u4e00-\u9fff]", said(page).replace("中文", "").replace(patient.name, "").replace("流感疫苗", "")
            )
            is None
        )
