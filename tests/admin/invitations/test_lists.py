"""An administrator makes a list, looks at it, sends it, follows it, and withdraws it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, LookUp
from accounts.patients import person_key
from booking.jobs import send_invitations, work_on_import
from booking.models import Appointment, ImportRun, Invitation, InvitationList, Message, ReleaseMode, Status
from sites.models import AdminRole
from tests.factories import (
    CLOCK,
    make_administrator,
    make_appointment,
    make_district,
    make_programme,
    make_resident_id,
    make_slot,
    make_two_dose_programme,
    sign_in,
)
from tests.invitation_factories import invite, make_list, path_of
from tests.operations.imports.files import csv_file

pytestmark = pytest.mark.django_db(transaction=True)
NEW = reverse("admin:booking_invitationlist_new")
WANG = make_resident_id(born="19580314")
ENDS = {"last_day": "2026-12-04", "last_time": "10:00"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(CLOCK, tick=False) as machine:
        yield machine


@pytest.fixture
def city():
    return make_administrator()


@pytest.fixture
def office(city):
    client = Client()
    sign_in(client, city)
    return client


@pytest.fixture
def programme():
    return make_programme(release_mode=ReleaseMode.INVITATION, name="带状疱疹")


def of(one, page="show"):
    return reverse(f"admin:booking_invitationlist_{page}", args=[one.pk])


def said(response) -> str:
    page = re.sub(r"<head.*?</head>|<script.*?</script>|<nav.*?</nav>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def numbers(response) -> dict[str, int]:
    found = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", response.content.decode())
    return {name: int(number) for name, number in found}


def test_a_list_is_made_filled_by_a_file_looked_at_and_sent(office, programme, city):
    made = office.post(NEW, {"source": "imported", "name": "芙蓉区第一批", "programme": programme.pk, **ENDS})
    one = InvitationList.objects.get()
    assert made["Location"] == of(one)
    assert (one.expires_at, one.made_by, one.sent_at) == (CLOCK + timedelta(days=10), city, None)
    file = csv_file(
        ["证件类型", "证件号码", "手机号"], ["居民身份证", WANG, "13812346621"], ["passport", "E1234567", ""]
    )

    sent = office.post(of(one, "file"), {"file": SimpleUploadedFile("名单.csv", file)})
    run = ImportRun.objects.get()
    work_on_import(str(run.pk))
    office.post(sent["Location"], {"decision": "all"})
    work_on_import(str(run.pk))
    assert of(one) in office.get(sent["Location"]).content.decode()

    page = office.get(of(one))
    assert numbers(page)["名单里的人"] == 2
    assert numbers(page)["手机号和账号都没有"] == 1
    assert "截止前没有一个空号" in said(page)
    asked = office.get(of(one, "send"))
    assert "发出 2 人的邀请" in said(asked)
    assert not Message.objects.exists()
    assert "正在发" in said(office.post(of(one, "send"), follow=True))
    send_invitations(str(one.pk))
    assert Message.objects.get().invitation.person == person_key("resident_id", WANG)
    assert numbers(office.get(of(one)))["还没约"] == 2
    entries = AuditEntry.objects.filter(what=f"booking.invitationlist {one.pk}").order_by("pk")
    assert [entry.action for entry in entries] == ["add", "invite"]
    assert WANG not in "".join(str(entry.after) for entry in AuditEntry.objects.all())


def test_a_list_of_who_is_due(office):
    programme = make_two_dose_programme(28)
    had = make_appointment(make_slot(programme=programme, starts_at=CLOCK - timedelta(days=40)))
    Appointment.objects.filter(pk=had.pk).update(status=Status.FULFILLED)
    asked = {"source": "due", "name": "第二剂", "programme": programme.pk, "by": "2026-11-24", **ENDS}

    office.post(NEW, {**asked, "min_age": "18", "district": ""})

    assert Invitation.objects.get().person == had.person
    assert AuditEntry.objects.get().after == {
        "programme": programme.code, "source": "due", "people": 1, "by": "2026-11-24", "min_age": "18",
    }  # fmt: skip
    nobody = office.post(NEW, {**asked, "min_age": "60"}, follow=True)
    assert "没有符合条件的人" in said(nobody)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"last_day": "2026-11-24", "last_time": "09:59"}, "截止时间要在现在以后。"),
        ({"last_day": "2027-06-01"}, "最晚截止在 180 天以内。"),
        ({"source": "due", "by": "2026-11-24", "min_age": "60", "max_age": "50"}, "最大年龄不能小于最小年龄。"),
    ],
)
def test_what_cannot_be_meant_is_told_at_its_field(office, programme, asked, words):
    page = office.post(NEW, {"source": "imported", "name": "名单", "programme": programme.pk, **ENDS, **asked})

    assert words in said(page)
    assert not InvitationList.objects.exists()


def test_the_dry_run_shows_three_messages_masked_and_with_a_link_to_nobody(office, programme):
    one = make_list(programme)
    rows = [invite(one, uuid4(), phone=f"+861381234662{n}", language="en" if n == 1 else "zh-hans") for n in range(5)]
    invite(one, uuid4())

    page = office.get(of(one, "samples"))

    assert said(page).count("按名单") == 2
    assert "138****662" in said(page)
    assert "You are invited" in said(page).replace("you", "You")
    assert "通知不到" in said(page)
    assert not [row for row in rows if path_of(row) in page.content.decode() or str(row.phone) in page.content.decode()]
    assert not Message.objects.exists()


def test_reminding_and_withdrawing_ask_first_and_withdrawing_can_be_undone_for_an_hour(office, programme, clock):
    one = make_list(programme)
    invite(one, uuid4(), phone="+8613812346621")
    office.post(of(one, "send"))
    send_invitations(str(one.pk))

    assert "提醒 1 人" in said(office.get(of(one, "remind")))
    office.post(of(one, "remind"))
    send_invitations(str(one.pk))
    assert "已经提醒过一次。" in said(office.post(of(one, "remind"), follow=True))
    assert Message.objects.count() == 2
    assert "还没有约的 1 人不能再凭这份名单约" in said(office.get(of(one, "withdraw")))
    assert "已收回" in said(office.post(of(one, "withdraw"), follow=True))
    clock.move_to(CLOCK + timedelta(minutes=59))
    sign_in(office, one.made_by)
    assert "已撤销收回" in said(office.post(of(one, "put_back"), follow=True))
    one.refresh_from_db()
    assert one.withdrawn_at is None
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == ["invite", "remind", "revoke", "undo"]


def test_one_person_is_taken_off_by_document_which_leaves_a_trace(office, programme, city):
    one = make_list(programme)
    wanted, other = invite(one, person_key("resident_id", WANG), phone="+8613812346621"), invite(one, uuid4())
    asked = {"document_type": "resident_id", "number": WANG, "reason": "本人来电不要了"}

    page = office.post(of(one, "person"), asked, follow=True)

    wanted.refresh_from_db()
    other.refresh_from_db()
    assert (wanted.withdrawn_at, other.withdrawn_at) == (CLOCK, None)
    assert "138****6621" in said(page)
    assert WANG not in page.content.decode()
    trace = LookUp.objects.get()
    assert (trace.by, trace.person, trace.reason) == (city, wanted.person, "本人来电不要了")
    assert WANG not in str(AuditEntry.objects.get().after)
    assert "这个人的邀请已经收回了。" in said(office.post(of(one, "person"), asked))
    unknown = office.post(of(one, "person"), {**asked, "number": "E7654321", "document_type": "passport"})
    assert "名单里没有这个人" in said(unknown)

    office.post(of(one, "put_back"), {"invitation": str(wanted.pk)})
    wanted.refresh_from_db()
    assert wanted.withdrawn_at is None
    assert office.post(of(one, "put_back"), {"invitation": "nobody"}).status_code == 404


def test_the_bad_rows_of_a_file_go_back_to_its_sender_only(office, programme):
    one = make_list(programme, sent_at=None)
    wrong = WANG[:-1] + ("0" if WANG[-1] != "0" else "1")
    file = csv_file(["证件类型", "证件号码"], ["居民身份证", wrong])
    office.post(of(one, "file"), {"file": SimpleUploadedFile("名单.csv", file)})
    run = ImportRun.objects.get()
    work_on_import(str(run.pk))
    errors = reverse("admin:booking_importrun_errors", args=[run.pk])

    assert wrong in office.get(errors).content.decode()
    for role in (AdminRole.CITY, AdminRole.AUDITOR):
        colleague = Client()
        sign_in(colleague, make_administrator(role))
        page = colleague.get(reverse("admin:booking_importrun_show", args=[run.pk]))
        assert page.status_code == 200
        assert wrong not in page.content.decode()
        assert errors not in page.content.decode()
        assert colleague.get(errors).status_code == 403


def test_only_the_citys_own_make_and_send_lists_and_auditors_look(programme):
    one = make_list(programme)
    invite(one, uuid4(), phone="+8613812346621")
    status = {}
    for role, where in (("auditor", {}), ("district", {"district": make_district()})):
        client = Client()
        sign_in(client, make_administrator(AdminRole(role), **where))
        status[role] = [
            client.get(of(one)).status_code,
            client.post(of(one, "send")).status_code,
            client.get(NEW).status_code,
        ]

    assert status == {"auditor": [200, 403, 403], "district": [403, 403, 403]}
    one.refresh_from_db()
    assert one.sent_at is None


def test_pages_cost_few_statements(office, programme, django_assert_max_num_queries):
    lists = [make_list(programme, sent_at=CLOCK) for _ in range(5)] + [make_list(programme)]
    for one in lists:
        for _ in range(5):
            invite(one, uuid4(), phone="+8613812346621")

    for address in (reverse("admin:booking_invitationlist_changelist"), of(lists[0]), of(lists[-1]), NEW):
        with django_assert_max_num_queries(14):
            assert office.get(address).status_code == 200
