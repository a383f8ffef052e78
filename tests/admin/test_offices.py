"""Offices and posts: given within one's own part of the city, taken at once, and people invited by phone."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import authenticate
from django.test import Client
from django.urls import reverse

from accounts import channels, invitations
from accounts.models import AuditEntry, Invitation, User
from sites.inviting import AlreadyThere, invite
from sites.models import Administrator, AdminRole, StaffMember
from sites.offices import (
    HasItAlready,
    MayNotGive,
    OneRoleOnly,
    OwnLastOffice,
    give_office,
    give_post,
    may_manage,
    take_office,
    take_post,
)
from tests.factories import make_administrator, make_citizen, make_district, make_site, sign_in
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
INVITE = reverse("admin:sites_administrator_invite")
PHONE = "138 1234 6621"


@pytest.fixture
def clock(now: datetime):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def furong():
    return make_district()


@pytest.fixture
def yuelu():
    from sites.models import District

    return District.objects.create(code="430104", name="岳麓区", name_en="Yuelu", longitude=112.9, latitude=28.2)


@pytest.fixture
def boss(furong) -> User:
    """Administers one district."""
    return make_administrator(AdminRole.DISTRICT, district=furong)


@pytest.fixture
def mayor() -> User:
    """Administers the city."""
    return make_administrator(AdminRole.CITY)


def worker() -> User:
    return invitations.make_work_account(name="周敏", work_phone="+8613800000009")


def test_a_district_gives_its_own_offices_only(boss, furong, yuelu, now):
    here, there = make_site(district=furong), make_site(district=yuelu)

    give_office(by=boss, user=worker(), role=AdminRole.DISTRICT, district=furong, now=now)
    give_office(by=boss, user=worker(), role=AdminRole.SITE, site=here, now=now)

    for role, place in (
        (AdminRole.CITY, {}), (AdminRole.AUDITOR, {}), (AdminRole.DISTRICT, {"district": yuelu}),
        (AdminRole.SITE, {"site": there}),
    ):  # fmt: skip
        with pytest.raises(MayNotGive):
            give_office(by=boss, user=worker(), role=role, now=now, **place)


@pytest.mark.parametrize("role", [AdminRole.SITE, AdminRole.AUDITOR])
def test_some_give_nothing(role, furong, now):
    site = make_site(district=furong)
    giver = make_administrator(role, site=site if role == AdminRole.SITE else None)

    with pytest.raises(MayNotGive):
        give_office(by=giver, user=worker(), role=AdminRole.SITE, site=site, now=now)


def test_who_may_enter_the_admin_follows_from_offices(mayor, furong, yuelu, now):
    somebody = worker()
    first = give_office(by=mayor, user=somebody, role=AdminRole.DISTRICT, district=furong, now=now)
    second = give_office(by=mayor, user=somebody, role=AdminRole.DISTRICT, district=yuelu, now=now)
    somebody.refresh_from_db()
    assert somebody.is_staff

    take_office(by=mayor, office=first, now=now)
    assert User.objects.get(pk=somebody.pk).is_staff
    take_office(by=mayor, office=second, now=now)
    assert not User.objects.get(pk=somebody.pk).is_staff

    give_office(by=mayor, user=somebody, role=AdminRole.DISTRICT, district=furong, now=now)
    assert User.objects.get(pk=somebody.pk).is_staff
    assert Administrator.objects.filter(user=somebody).count() == 2
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == ["give", "give", "take", "take", "give"]


def test_an_account_has_one_kind_of_office(mayor, furong, now):
    somebody = make_administrator(AdminRole.AUDITOR)

    with pytest.raises(OneRoleOnly):
        give_office(by=mayor, user=somebody, role=AdminRole.DISTRICT, district=furong, now=now)
    with pytest.raises(HasItAlready):
        give_office(by=mayor, user=somebody, role=AdminRole.AUDITOR, now=now)


def test_nobody_shuts_themselves_out(mayor, now):
    with pytest.raises(OwnLastOffice):
        take_office(by=mayor, office=mayor.offices.get(), now=now)


def test_an_office_taken_away_ends_its_sessions_at_once(client: Client, mayor, boss, clock, now):
    sign_in(client, boss)
    index = reverse("admin:index")
    assert client.get(index).status_code == 200

    take_office(by=mayor, office=boss.offices.get(), now=now)

    assert client.get(index).status_code == 302


def test_a_manager_says_who_works_at_their_own_site(furong, yuelu, now):
    here, there = make_site(district=furong), make_site(district=yuelu)
    manager = make_administrator(AdminRole.SITE, site=here)
    somebody = worker()

    post = give_post(by=manager, user=somebody, site=here, role="registration", now=now)
    with pytest.raises(MayNotGive):
        give_post(by=manager, user=somebody, site=there, role="registration", now=now)
    take_post(by=manager, post=post, now=now)
    give_post(by=manager, user=somebody, site=here, role="registration", now=now)

    assert StaffMember.objects.get(user=somebody).is_active
    assert not User.objects.get(pk=somebody.pk).is_staff


def test_an_account_that_has_more_elsewhere_is_not_one_districts_to_manage(boss, furong, yuelu, mayor, now):
    somebody = worker()
    give_office(by=mayor, user=somebody, role=AdminRole.DISTRICT, district=furong, now=now)
    assert may_manage(boss, somebody)

    give_office(by=mayor, user=somebody, role=AdminRole.DISTRICT, district=yuelu, now=now)

    assert not may_manage(boss, somebody)
    assert not may_manage(mayor, User.objects.create(username="root", is_superuser=True, is_staff=True))
    assert not may_manage(boss, boss)


@pytest.fixture
def phone_of(monkeypatch: pytest.MonkeyPatch):
    """What was sent to phones."""
    sent: list[channels.Outgoing] = []
    monkeypatch.setattr("accounts.channels.send", sent.append)
    return sent


def test_somebody_added_by_phone_chooses_a_password_once(client: Client, boss, furong, clock, phone_of):
    citizen = make_citizen(phone="+8613812346621")
    site = make_site(district=furong)
    sign_in(client, boss)

    page = client.post(INVITE, {"name": "周敏", "phone": PHONE, "role": "site", "site": site.pk}).text

    user = User.objects.get(first_name="周敏")
    assert user.pk != citizen.pk
    assert (user.phone, user.work_phone, user.is_staff) == (None, "+8613812346621", True)
    assert re.fullmatch(r"w-\d{4}-[a-z]{4}", user.username)
    assert "138****6621" in page
    assert "13812346621" not in page
    assert phone_of[0].to == "+8613812346621"
    assert phone_of[0].text.startswith("【长沙疫苗】")
    link = re.search(r"http://testserver(/join/\S+)", phone_of[0].text).group(1)
    assert link in page
    assert Invitation.objects.get().secret_index.hex not in link
    stranger = Client()
    assert user.username in stranger.get(link).text
    assert stranger.post(link, {"new_password1": "12345", "new_password2": "12345"}).status_code == 200
    new = {"new_password1": "river-bank-7781", "new_password2": "river-bank-7781"}
    assert "密码已设置" in stranger.post(link, new).text
    assert stranger.post(link, new).status_code == 410
    assert authenticate(username=user.username, password="river-bank-7781") == user


def test_the_link_is_shown_in_a_demonstration_only(client: Client, boss, furong, clock, phone_of, settings):
    settings.DEMONSTRATION = False
    sign_in(client, boss)

    page = client.post(INVITE, {"name": "周敏", "phone": PHONE, "role": "district", "district": furong.pk}).text

    assert "/join/" not in page
    assert "/join/" in phone_of[0].text


def test_an_invitation_ends_after_72_hours_and_when_it_is_taken_back_or_replaced(boss, now):
    somebody = worker()
    first = invitations.invite(user=somebody, by=boss, now=now)
    assert invitations.find(first, now=now + timedelta(hours=71)) == somebody
    second = invitations.invite(user=somebody, by=boss, now=now)
    for secret, moment in ((first, now), (second, now + timedelta(hours=73))):
        with pytest.raises(invitations.InvitationGone):
            invitations.find(secret, now=moment)

    invitations.revoke(user=somebody, now=now)

    with pytest.raises(invitations.InvitationGone):
        invitations.find(second, now=now)


def test_of_two_who_open_the_link_at_once_one_chooses_the_password(boss, now):
    secret = invitations.invite(user=worker(), by=boss, now=now)

    done = all_at_once([lambda n=n: invitations.use(secret, password=f"river-bank-{n}", now=now) for n in range(8)])

    assert sum(isinstance(one, User) for one in done) == 1


def test_the_same_phone_at_the_same_place_is_refused_by_name(client: Client, boss, furong, clock, phone_of, now):
    made, _secret = invite(by=boss, name="周敏", work_phone="+8613812346621", role="district", district=furong, now=now)
    sign_in(client, boss)

    page = client.post(INVITE, {"name": "周敏", "phone": PHONE, "role": "district", "district": furong.pk}).text

    assert f"已有账号 {made.username}" in page
    assert User.objects.filter(first_name="周敏").count() == 1


def test_of_two_who_add_the_same_phone_at_once_one_does(boss, furong, now):
    site = make_site(district=furong)
    facts = {"by": boss, "name": "周敏", "work_phone": "+8613812346621", "role": "screening", "site": site, "now": now}

    done = all_at_once([lambda: invite(**facts)] * 6)

    assert sum(isinstance(one, AlreadyThere) for one in done) == 5
    assert User.objects.filter(first_name="周敏").count() == 1


def test_an_invitation_beyond_ones_part_is_no_choice(client: Client, boss, yuelu, clock, phone_of):
    there = make_site(district=yuelu)
    sign_in(client, boss)

    for asked in ({"role": "city"}, {"role": "district", "district": yuelu.pk}, {"role": "site", "site": there.pk}):
        assert client.post(INVITE, {"name": "周敏", "phone": PHONE, **asked}).context["form"].errors

    assert not User.objects.filter(first_name="周敏").exists()
    assert phone_of == []


def test_idle_accounts_are_found_switched_off_together_and_on_again(client: Client, boss, furong, clock, now):
    site = make_site(district=furong)
    managers = [make_administrator(AdminRole.SITE, site=site) for _ in range(3)]
    User.objects.filter(pk__in=[one.pk for one in managers[:2]]).update(last_login=now - timedelta(days=100))
    User.objects.filter(pk=managers[2].pk).update(last_login=now)
    sign_in(client, boss)
    table = reverse("admin:sites_administrator_changelist")
    found = client.get(f"{table}?idle=1").context["cl"].result_list
    chosen = {"action": "deactivate", "_selected_action": [str(row.pk) for row in found]}
    assert {row.user_id for row in found} == {one.pk for one in managers[:2]}

    assert "立即退出登录" in client.post(table, chosen).text
    assert Administrator.objects.filter(is_active=True, role="site").count() == 3
    client.post(table, {**chosen, "confirmed": "1"})
    assert set(User.objects.filter(offices__role="site", is_staff=True)) == {managers[2]}
    assert {user.epoch for user in User.objects.filter(pk__in=[one.pk for one in managers[:2]])} == {1}

    client.post(table, {**chosen, "action": "reactivate", "confirmed": "1"})
    assert User.objects.filter(offices__role="site", is_staff=True).count() == 3


def test_the_lists_stay_cheap(client: Client, boss, furong, clock, django_assert_max_num_queries):
    site = make_site(district=furong)
    for _ in range(20):
        StaffMember.objects.create(user=make_administrator(AdminRole.SITE, site=site), site=site, role="screening")
    sign_in(client, boss)

    for name in ("administrator", "staffmember"):
        address = reverse(f"admin:sites_{name}_changelist")
        client.get(address)
        with django_assert_max_num_queries(12):
            assert client.get(address).context["cl"].result_count >= 20


def test_the_matrix_says_what_the_settings_say(client: Client, boss, clock):
    sign_in(client, boss)

    page = client.get(reverse("admin:sites_administrator_matrix"))

    assert "您是：<b>区县管理员 · 芙蓉区</b>" in page.text
    rows = {row.what: [kind for kind, _word in row.cells] for _name, found in page.context["groups"] for row in found}
    assert rows["接种人"] == ["view", "", "", ""]
    assert rows["接种点"] == ["change", "change", "change", "view"]
    given = {name for names in settings.ROLE_PERMISSIONS.values() for name in names}
    assert len(rows) <= len(given)
