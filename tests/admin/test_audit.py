"""What administrators change is written down, and nobody takes it away alone."""

import csv
import io
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import second_factors
from accounts.admin.audit import changes_of
from accounts.audit import HIDDEN, record
from accounts.models import AuditEntry, AuditExport, SecondFactor, User
from accounts.spreadsheets import safe_cell
from sites.models import AdminRole
from tests.admin.test_catalogue import programme_form
from tests.factories import make_administrator, make_citizen, make_district, make_programme, make_site, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
EXPORT = reverse("admin:accounts_auditentry_export")


def site_form(site, **changes: str) -> dict[str, str]:
    return {
        "code": site.code, "name": site.name, "name_en": site.name_en, "district": site.district_id, "street": "街",
        "latitude": "28.2", "longitude": "113", "quota_per_half_hour": "20", "is_active": "on",
        "staff-TOTAL_FORMS": "0", "staff-INITIAL_FORMS": "0", **changes,
    }  # fmt: skip


def test_a_changed_form_says_who_what_from_what_to_what_and_from_where(desk: Client, administrator: User, now):
    site = make_site(street="街")
    address = reverse("admin:sites_site_change", args=[site.pk])

    desk.post(address, site_form(site, name="新名字", quota_per_half_hour="25"), REMOTE_ADDR="203.0.113.7")

    entry = AuditEntry.objects.get()
    assert (entry.by, entry.action, entry.what, entry.at) == (administrator, "change", f"sites.site {site.pk}", now)
    assert entry.before == {"name": site.name, "quota_per_half_hour": 20}
    assert entry.after == {"name": "新名字", "quota_per_half_hour": 25}
    assert (entry.origin, entry.district_code, entry.label) == ("203.0.113.7", "430102", "新名字")


def test_a_form_that_changes_nothing_leaves_no_entry(desk: Client):
    site = make_site(street="街")

    answer = desk.post(reverse("admin:sites_site_change", args=[site.pk]), site_form(site))

    assert answer.status_code == 302
    assert not AuditEntry.objects.exists()


def test_choices_of_several_rows_are_written_by_name(desk: Client):
    programme, district = make_programme(), make_district()

    desk.post(
        reverse("admin:booking_programme_change", args=[programme.pk]),
        programme_form(programme, districts=district.pk),
    )

    entry = AuditEntry.objects.get()
    assert (entry.before["districts"], entry.after["districts"]) == ([], ["芙蓉区"])


def test_passwords_and_numbers_are_never_in_it(desk: Client):
    somebody = make_citizen()
    new = {"password1": "river-bank-7781", "password2": "river-bank-7781", "usable_password": "true"}

    desk.post(reverse("admin:auth_user_password_change", args=[somebody.pk]), new)
    desk.post(reverse("admin:accounts_user_add"), {"username": "fresh", **new})

    assert AuditEntry.objects.count() == 2
    for entry in AuditEntry.objects.all():
        assert "river" not in str(entry.before) + str(entry.after) + entry.label
    assert AuditEntry.objects.get(action="add").after["password1"] == HIDDEN


def test_the_database_refuses_to_change_an_entry(desk: Client, administrator: User, now):
    record(by=administrator, action="change", what="sites.site 1", label="x", now=now)

    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.update(label="y")


def test_the_page_of_an_entry_shows_before_and_after_in_words(desk: Client, administrator: User, now):
    entry = record(
        by=administrator, action="change", what="accounts.user 7", label="w-1", now=now,
        before={"is_active": True, "work_phone": HIDDEN}, after={"is_active": False, "work_phone": HIDDEN},
    )  # fmt: skip

    assert changes_of(entry)[1:] == [("工作手机号", "已修改（内容不显示）", "已修改（内容不显示）")]
    page = desk.get(reverse("admin:accounts_auditentry_change", args=[entry.pk])).text
    assert "改了什么" in page
    assert "已修改（内容不显示）" in page


def test_the_list_is_searched_by_name_and_stays_cheap(
    desk: Client, administrator: User, now, django_assert_max_num_queries
):
    for number in range(30):
        record(by=administrator, action="change", what=f"sites.site {number}", label=f"接种点{number}", now=now)
    address = reverse("admin:accounts_auditentry_changelist")
    desk.get(address)

    with django_assert_max_num_queries(12):
        page = desk.get(f"{address}?q=接种点7&action=change").text

    assert "接种点7" in page
    assert "接种点8" not in page


class Exporter:
    """An administrator at the export page, with a second factor that always has a fresh code."""

    def __init__(self, role: AdminRole, clock) -> None:
        self.user, self.client, self.clock = make_administrator(role), Client(), clock
        sign_in(self.client, self.user)

    def fresh(self) -> str:
        self.clock.shift(60)
        return second_factors.demonstration_code(SecondFactor.objects.get(user=self.user))

    def ask(self, **changes: str):
        today = timezone.localdate().isoformat()
        asked = {"first_day": today, "last_day": today, "reason": "季度检查", "code": self.fresh(), **changes}
        return self.client.post(EXPORT, {"act": "ask", **asked})

    def answer(self, export: AuditExport, act: str = "approve", **changes: str):
        return self.client.post(EXPORT, {"act": act, "export": export.pk, "code": self.fresh(), **changes})

    def fetch(self, export: AuditExport, **changes: str):
        address = reverse("admin:accounts_auditentry_export_file", args=[export.pk])
        return self.client.post(address, {"code": self.fresh(), **changes})


@pytest.fixture
def clock(now: datetime):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def wu(clock) -> Exporter:
    return Exporter(AdminRole.AUDITOR, clock)


@pytest.fixture
def lin(clock) -> Exporter:
    return Exporter(AdminRole.CITY, clock)


def test_a_file_needs_a_second_person_and_fresh_codes(wu: Exporter, lin: Exporter):
    record(by=lin.user, action="change", what="sites.site 1", label="=HYPERLINK(1)", now=timezone.now())
    wu.ask()
    asked = AuditExport.objects.get()
    assert wu.fetch(asked).status_code == 302

    lin.answer(asked)

    answer = wu.fetch(asked)
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row[2] for row in rows[1:]] == ["change", "ask", "approve", "export"]
    assert rows[1][4] == "'=HYPERLINK(1)"


def test_nobody_approves_their_own_request(wu: Exporter):
    wu.ask()
    asked = AuditExport.objects.get()

    wu.answer(asked)

    asked.refresh_from_db()
    assert asked.approved_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditExport.objects.filter(pk=asked.pk).update(approved_by=wu.user)


@pytest.mark.parametrize("act", ["ask", "approve", "fetch"])
def test_no_step_works_without_a_fresh_code(wu: Exporter, lin: Exporter, act: str):
    if act == "ask":
        wu.ask(code="000000")
        assert not AuditExport.objects.exists()
        return
    wu.ask()
    asked = AuditExport.objects.get()
    lin.answer(asked, **({"code": "000000"} if act == "approve" else {}))

    answer = wu.fetch(asked, **({"code": "000000"} if act == "fetch" else {}))

    assert answer.status_code == 302


def test_a_file_is_there_for_a_day_and_for_whoever_asked(wu: Exporter, lin: Exporter, clock):
    wu.ask()
    asked = AuditExport.objects.get()
    lin.answer(asked)
    assert lin.fetch(asked).status_code == 302
    clock.shift(timedelta(hours=25))
    sign_in(wu.client, wu.user)

    assert wu.fetch(asked).status_code == 302


def test_what_was_refused_stays_refused(wu: Exporter, lin: Exporter):
    wu.ask()
    asked = AuditExport.objects.get()

    lin.answer(asked, "refuse")
    lin.answer(asked)

    assert wu.fetch(asked).status_code == 302


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\r=1"])
def test_no_cell_is_a_formula(value: str):
    assert safe_cell(value) == f"'{value}"
    assert safe_cell("望月湖") == "望月湖"
