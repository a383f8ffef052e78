"""Coming into the admin: a password, a second factor, and sessions that end soon."""

import re
import threading
import time
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from accounts import admin_sessions, admin_site, second_factors
from accounts.models import AuditEntry, SecondFactor, User
from booking.models import ImportKind, ImportRun, ImportState
from deploy.cache import reached
from sites.models import Administrator, AdminRole
from tests.factories import make_administrator, make_citizen, make_district, make_site, sign_in
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
LOGIN, CODE, ENROL = reverse("admin:login"), reverse("admin:two_factor"), reverse("admin:two_factor_enrol")
AGAIN = reverse("admin:two_factor_again")
INDEX, SITES = reverse("admin:index"), reverse("admin:sites_site_changelist")
PASSWORD = "river-bank-7781"


@pytest.fixture
def clock(now: datetime):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def zhou(clock) -> User:
    """An administrator who has a password and nothing else."""
    user = make_administrator(AdminRole.CITY)
    user.set_password(PASSWORD)
    user.save()
    return user


def give_password(client: Client, name: str, password: str = PASSWORD, address: str = "10.0.0.1"):
    return client.post(f"{LOGIN}?next={SITES}", {"username": name, "password": password}, REMOTE_ADDR=address)


def code_of(device: SecondFactor, steps: int = 0) -> str:
    app = TOTP(device.bin_key)
    app.time = time.time() + 30 * steps
    return f"{app.token():06d}"


def enrolled(user: User) -> tuple[SecondFactor, list[str]]:
    device = second_factors.device_to_confirm(user)
    return second_factors.confirm(user, code_of(device))


def test_after_the_password_a_new_administrator_sets_up_a_device_and_gets_codes_once(client: Client, zhou: User):
    assert give_password(client, zhou.username)["Location"] == SITES
    assert client.get(SITES)["Location"].startswith(CODE)
    assert client.get(CODE)["Location"] == ENROL
    before = client.session.session_key
    page = client.get(ENROL).text
    device = SecondFactor.objects.get(user=zhou)
    assert second_factors.secret_in_groups(device) in page
    assert "<svg" in page

    answer = client.post(ENROL, {"code": code_of(device)}).text

    shown = re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", answer)
    assert len(set(shown)) == second_factors.RECOVERY_CODES
    assert client.get(SITES).status_code == 200
    assert client.session.session_key != before
    assert not any(code.replace("-", "") in StaticToken.objects.values_list("token", flat=True) for code in shown)
    assert AuditEntry.objects.get().action == "enrol"


def test_with_a_device_the_code_is_asked_for_and_the_session_gets_a_new_key(client: Client, zhou: User, clock):
    device, _codes = enrolled(zhou)
    clock.shift(30)
    give_password(client, zhou.username)
    before = client.session.session_key

    answer = client.post(CODE, {"code": f" {code_of(device)[:3]} {code_of(device)[3:]} ", "next": SITES})

    assert answer["Location"] == SITES
    assert client.session.session_key != before
    assert client.get(SITES).status_code == 200


def test_the_way_on_leads_only_to_ourselves(client: Client, zhou: User, clock):
    device, _codes = enrolled(zhou)
    clock.shift(30)
    give_password(client, zhou.username)

    answer = client.post(CODE, {"code": code_of(device), "next": "https://elsewhere.example/"})

    assert answer["Location"] == INDEX


def test_a_code_works_once(zhou: User, clock):
    device, _codes = enrolled(zhou)
    clock.shift(30)
    code = code_of(device)

    second_factors.check(zhou, code)

    with pytest.raises(second_factors.CodeRefused):
        second_factors.check(zhou, code)


def test_a_recovery_code_lets_in_once_and_is_said_to_be_gone(client: Client, zhou: User):
    _device, codes = enrolled(zhou)
    give_password(client, zhou.username)

    client.post(CODE, {"code": codes[0].upper()})

    assert "还剩 7 个恢复码" in client.get(INDEX).text
    with pytest.raises(second_factors.CodeRefused):
        second_factors.check(zhou, codes[0])


@pytest.fixture
def slow_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Using a recovery code up takes a moment, so that others come in between."""
    delete = StaticToken.delete

    def slowly(self, *args, **kwargs):
        threading.Event().wait(0.05)
        return delete(self, *args, **kwargs)

    monkeypatch.setattr(StaticToken, "delete", slowly)


def test_a_recovery_code_works_once_also_at_the_same_moment(zhou: User, slow_tokens):
    _device, codes = enrolled(zhou)

    came_in = all_at_once([lambda: second_factors.check(zhou, codes[0])] * 8)

    assert sum(isinstance(one, StaticDevice) for one in came_in) == 1


def test_without_the_lock_it_would_work_more_than_once(zhou: User, slow_tokens):
    _device, codes = enrolled(zhou)
    hidden = second_factors._hidden(zhou, codes[0].replace("-", ""))

    came_in = all_at_once([lambda: StaticDevice.objects.get(user=zhou).verify_token(hidden)] * 8)

    assert sum(one is True for one in came_in) > 1


def test_wrong_codes_have_to_wait_longer_each_time(client: Client, zhou: User, clock):
    device, _codes = enrolled(zhou)
    clock.shift(30)
    give_password(client, zhou.username)
    wrong = f"{(int(code_of(device)) + 1) % 10**6:06d}"

    assert "验证码不对" in client.post(CODE, {"code": wrong}).text
    assert "请等 1 秒" in client.post(CODE, {"code": code_of(device)}).text
    clock.shift(2)
    client.post(CODE, {"code": wrong})
    assert "请等 2 秒" in client.post(CODE, {"code": code_of(device)}).text
    clock.shift(3)
    assert client.post(CODE, {"code": code_of(device)}).status_code == 302


def test_codes_are_shown_in_a_demonstration_and_never_otherwise(client: Client, zhou: User, settings, clock):
    device, _codes = enrolled(zhou)
    clock.shift(30)
    give_password(client, zhou.username)
    assert f"演示系统：现在的验证码是 <b>{code_of(device)}</b>" in client.get(CODE).text

    settings.DEMONSTRATION = False

    assert code_of(device) not in client.get(CODE).text


def test_somebody_elses_device_opens_nothing(client: Client, zhou: User):
    enrolled(zhou)
    other, _codes = enrolled(make_administrator(AdminRole.CITY))
    give_password(client, zhou.username)
    session = client.session
    session["otp_device_id"] = other.persistent_id
    session.save()

    assert client.get(SITES)["Location"].startswith(CODE)


def test_a_session_ends_after_half_an_hour_of_nothing_and_after_twelve_hours(client: Client, zhou: User, clock, now):
    sign_in(client, zhou)
    for minutes in range(25, 12 * 60, 25):
        clock.move_to(now + timedelta(minutes=minutes))
        assert client.get(SITES).status_code == 200, minutes
    clock.move_to(now + timedelta(hours=12, minutes=1))
    assert client.get(SITES)["Location"].startswith(LOGIN)

    sign_in(client, zhou)
    clock.shift(31 * 60)
    assert client.get(SITES)["Location"].startswith(LOGIN)


def test_unknown_names_wrong_passwords_and_citizens_get_the_same_answer(client: Client, zhou: User):
    citizen = make_citizen()
    citizen.set_password(PASSWORD)
    citizen.save()

    pages = [
        give_password(client, "nobody-there", PASSWORD),
        give_password(client, zhou.username, "wrong"),
        give_password(client, citizen.username, PASSWORD),
    ]

    said = [re.findall(r'<p class="errornote">(.*?)</p>', page.text, re.S) for page in pages]
    assert said[0] == said[1] == said[2] != []


def test_guesses_are_counted_for_each_place_so_that_the_owner_can_still_come_in(client: Client, zhou: User):
    for _ in range(admin_site.TRIES_PER_NAME_AND_ADDRESS):
        give_password(client, zhou.username, "wrong")

    assert "试的次数太多" in give_password(client, zhou.username).text
    assert give_password(client, zhou.username, address="10.0.0.2").status_code == 302


def test_whoever_knows_the_password_is_not_counted_against(client: Client, zhou: User):
    for _ in range(admin_site.TRIES_PER_NAME_AND_ADDRESS + 2):
        assert give_password(client, zhou.username).status_code == 302


def test_without_the_cache_no_password_is_compared(client: Client, zhou: User):
    reached().breaker._open_until = float("inf")
    try:
        assert "现在不能核对密码" in give_password(client, zhou.username).text
    finally:
        reached().breaker.worked()


def test_a_reset_within_ones_part_of_the_city_asks_first_and_signs_out(client: Client, clock):
    district = make_district()
    boss = make_administrator(AdminRole.DISTRICT, district=district)
    manager = make_administrator(AdminRole.SITE, site=make_site(district=district))
    theirs = Client()
    sign_in(theirs, manager)
    sign_in(client, boss)
    address = reverse("admin:sites_administrator_reset", args=[manager.offices.get().pk])
    assert "请先确认是本人提出的" in client.get(address).text
    assert SecondFactor.objects.filter(user=manager).exists()

    client.post(address)

    assert not SecondFactor.objects.filter(user=manager).exists()
    assert theirs.get(SITES).status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.by, entry.label, entry.district_code) == ("reset", boss, manager.username, "430102")


def test_a_new_phone_and_new_recovery_codes_need_a_fresh_code(client: Client, zhou: User, clock):
    device, old = enrolled(zhou)
    sign_in(client, zhou)
    own = reverse("admin:two_factor_own")
    clock.shift(30)

    client.post(own, {"code": "000000", "act": "device"})
    assert SecondFactor.objects.filter(user=zhou).exists()
    clock.shift(30)
    page = client.post(own, {"code": code_of(device), "act": "codes"}).text
    assert "-".join(old[0].split("-")) not in page
    with pytest.raises(second_factors.CodeRefused):
        second_factors.check(zhou, old[0])
    clock.shift(30)
    assert client.post(own, {"code": code_of(device), "act": "device"})["Location"] == ENROL
    assert client.get(SITES)["Location"].startswith(CODE)


@pytest.fixture
def after_a_while(client: Client, clock, now: datetime) -> User:
    """A superuser who signed in eleven minutes ago and has been working since."""
    user = User.objects.create(username="administrator", is_staff=True, is_superuser=True)
    sign_in(client, user)
    clock.shift(admin_sessions.FRESH + timedelta(minutes=1))
    return user


GIVING_AND_TAKING_ALONG = (
    "sites_administrator_invite", "sites_administrator_add", "sites_staffmember_add",
    *(("booking_importrun_export", {"kind": kind, "form": "csv"}) for kind in ("sites", "staff", "slots", "plans")),
)  # fmt: skip


@pytest.mark.parametrize("name", GIVING_AND_TAKING_ALONG, ids=str)
def test_offices_and_files_need_a_fresh_code(client: Client, after_a_while: User, clock, name):
    name, given = name if isinstance(name, tuple) else (name, {})
    address = reverse(f"admin:{name}", kwargs=given)

    asked = client.get(address)

    assert asked["Location"] == f"{AGAIN}?{urlencode({'next': address})}"
    assert client.get(INDEX).status_code == 200, "everything else goes on"
    device = second_factors.device_of(after_a_while)
    assert client.post(AGAIN, {"code": "000000", "next": address}).status_code == 200
    assert client.get(address).status_code == 302
    clock.shift(60)
    assert client.post(AGAIN, {"code": code_of(device), "next": address})["Location"] == address
    assert client.get(address).status_code == 200
    clock.shift(admin_sessions.FRESH + timedelta(seconds=1))
    assert client.get(address).status_code == 302


def test_so_do_a_new_invitation_a_reset_and_switching_on_again(client: Client, after_a_while: User):
    office = Administrator.objects.get(user=make_administrator(AdminRole.CITY))
    Administrator.objects.filter(pk=office.pk).update(is_active=False)
    for act in ("invite_again", "reset"):
        address = reverse(f"admin:sites_administrator_{act}", args=[office.pk])
        assert client.get(address)["Location"].startswith(AGAIN)
    listed = reverse("admin:sites_administrator_changelist")
    wanted = {"action": "reactivate", "_selected_action": [office.pk], "confirmed": "1"}

    refused = client.post(listed, wanted, follow=True)

    assert refused.redirect_chain[0][0] == f"{AGAIN}?{urlencode({'next': listed})}"
    assert "刚才那一步还没有做" in refused.text
    assert not Administrator.objects.get(pk=office.pk).is_active
    # What takes something away waits for nobody.
    assert client.get(reverse("admin:sites_administrator_revoke", args=[office.pk])).status_code == 200


def test_a_form_that_was_opened_in_time_is_not_lost(client: Client, clock, now: datetime):
    sign_in(client, make_administrator(AdminRole.CITY))
    address = reverse("admin:sites_administrator_invite")
    assert client.get(address).status_code == 200
    clock.shift(admin_sessions.FRESH + timedelta(minutes=5))

    sent = client.post(address, {"name": "周敏", "phone": "138 1234 6621", "role": AdminRole.AUDITOR})

    assert sent.status_code == 200
    assert Administrator.objects.filter(user__first_name="周敏").exists()


def test_a_file_of_staff_is_taken_in_after_a_fresh_code(client: Client, after_a_while: User, clock, now: datetime):
    run = ImportRun.objects.create(
        kind=ImportKind.STAFF, state=ImportState.CHECKED, file_name="staff.csv", by=after_a_while, created_at=now
    )
    address = reverse("admin:booking_importrun_show", args=[run.pk])

    assert client.post(address, {"decision": "all"})["Location"] == f"{AGAIN}?{urlencode({'next': address})}"
    run.refresh_from_db()
    assert run.state == ImportState.CHECKED
    assert client.post(address, {"decision": "drop"})["Location"] == address
