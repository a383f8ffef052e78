"""Signing in at a desk: whom it lets in, what the cookie is worth, and when it ends."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache

from accounts import desk_sessions
from accounts.models import User
from accounts.sign_out import sign_out_everywhere
from sites.models import StaffMember
from sites.offices import take_post
from tests.api.desk.conftest import PASSWORD, Desk, with_password
from tests.desk_factories import make_desk
from tests.factories import CLOCK, make_administrator, make_citizen, make_site, make_token


@pytest.fixture
def nurse(site) -> User:
    return with_password(make_desk(site, "screening", "vaccination"))


def test_the_answer_says_who_it_is_where_they_work_and_until_when(site, nurse):
    desk = Desk()

    answer = desk.sign_in(nurse)

    assert answer.status_code == 200
    assert answer.json() == {
        "me": {"id": nurse.pk, "name": "刘敏"},
        "posts": [{"site": "A1", "name": site.name, "name_en": site.name_en, "roles": ["screening", "vaccination"]}],
        "expires_at": "2026-11-24T22:00:00+08:00",
    }
    assert desk.get("session").json() == answer.json()


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_hosts_pages(nurse, settings):
    desk = Desk()
    settings.SECURE = True

    cookie = desk.sign_in(nurse).cookies[desk_sessions.COOKIE]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert cookie["max-age"] == settings.DESK_SESSION_SECONDS


@pytest.mark.parametrize("header", ["", "0", "yes"])
def test_the_cookie_alone_opens_nothing(nurse, header):
    desk = Desk()
    desk.sign_in(nurse)

    answer = desk.get("session", X_Desk=header)

    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


def test_a_bearer_token_needs_neither_cookie_nor_header(nurse):
    answer = Desk().get("session", X_Desk="", Authorization=f"Bearer {make_token(nurse, CLOCK)}")

    assert answer.status_code == 200
    assert answer.json()["me"]["id"] == nurse.pk


def test_a_session_of_the_desk_is_none_of_the_pages_and_none_of_the_other_calls(nurse, client):
    desk = Desk()
    desk.sign_in(nurse)
    key = desk.client.cookies[desk_sessions.COOKIE].value

    client.cookies[settings.SESSION_COOKIE_NAME] = key
    page = client.get("/family/")
    call = desk.client.get("/api/v1/patients", headers={"X-Desk": "1"})

    assert page.status_code == 302
    assert call.status_code == 401


def test_a_session_of_the_pages_is_none_of_the_desk(nurse, client):
    client.force_login(nurse, backend="django.contrib.auth.backends.ModelBackend")
    desk = Desk()
    desk.client.cookies[desk_sessions.COOKIE] = client.cookies[settings.SESSION_COOKIE_NAME].value

    assert desk.get("session").status_code == 401


@pytest.mark.parametrize("key", ["a" * 32, "x", '"\\000"', "../" * 11])
def test_a_cookie_that_is_no_session_opens_nothing(key):
    desk = Desk()
    desk.client.cookies[desk_sessions.COOKIE] = key

    assert desk.get("session").status_code == 401


def test_a_session_lasts_a_long_shift_and_no_longer(nurse, clock):
    desk = Desk()
    desk.sign_in(nurse)

    clock.move_to(CLOCK + timedelta(seconds=settings.DESK_SESSION_SECONDS - 1))
    assert desk.get("session").status_code == 200
    clock.move_to(CLOCK + timedelta(seconds=settings.DESK_SESSION_SECONDS))
    assert desk.get("session").status_code == 401


def test_signing_out_ends_it_for_whoever_has_kept_the_cookie(nurse):
    desk = Desk()
    desk.sign_in(nurse)
    key = desk.client.cookies[desk_sessions.COOKIE].value

    assert desk.call("DELETE", "session").status_code == 204
    assert desk.client.cookies[desk_sessions.COOKIE].value == ""
    desk.client.cookies[desk_sessions.COOKIE] = key
    assert desk.get("session").status_code == 401


def _new_password(user: User) -> None:
    user.set_password("another password")
    user.save()


def _closed(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def _signed_out_everywhere(user: User) -> None:
    sign_out_everywhere(user.pk)


def _without_a_post(user: User) -> None:
    by = User.objects.create(username="root", is_superuser=True)
    for post in StaffMember.objects.filter(user=user):
        take_post(by=by, post=post, now=CLOCK)


@pytest.mark.parametrize("change", [_new_password, _closed, _signed_out_everywhere, _without_a_post])
def test_it_ends_at_once_with_what_it_rests_on(nurse, change):
    desk = Desk()
    desk.sign_in(nurse)

    change(nurse)

    assert desk.get("session").status_code == 401


def test_every_kind_of_wrong_gets_the_same_answer(nurse, site):
    closed = with_password(make_desk(site))
    _closed(closed)
    administrator = with_password(make_administrator())

    answers = [
        Desk().sign_in(nurse, "not the password"),
        Desk().sign_in(User(username="nobody")),
        Desk().sign_in(closed),
        Desk().sign_in(make_citizen()),
        # Their password alone opens nothing, so it must not be found out here.
        Desk().sign_in(administrator),
    ]

    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}
    assert answers[0].json()["code"] == "wrong_password"
    assert all(not answer.cookies for answer in answers)


def test_somebody_without_a_post_is_told_so_and_gets_no_session(nurse):
    StaffMember.objects.filter(user=nurse).update(is_active=False)

    answer = Desk().sign_in(nurse)

    assert (answer.status_code, answer.json()["code"]) == (403, "no_post")
    assert not answer.cookies


def test_an_administrator_who_also_works_at_a_site_signs_in_there(site):
    both = with_password(make_administrator())
    StaffMember.objects.create(user=both, site=site, role="supervisor")

    assert Desk().sign_in(both).status_code == 200


def test_a_name_is_tried_ten_times_in_a_quarter_of_an_hour_however_it_is_written(nurse):
    for n in range(desk_sessions.TRIES_PER_NAME):
        written = User(username=nurse.username.upper() if n % 2 else nurse.username)
        assert Desk().sign_in(written, "wrong").status_code == 401

    answer = Desk().sign_in(nurse)

    assert (answer.status_code, answer["Retry-After"]) == (429, "900")


def test_whoever_gets_in_begins_anew(nurse):
    for _ in range(3):
        for _ in range(desk_sessions.TRIES_PER_NAME - 1):
            Desk().sign_in(nurse, "wrong")
        assert Desk().sign_in(nurse).status_code == 200


def test_an_address_is_limited_too(monkeypatch):
    monkeypatch.setattr(desk_sessions, "TRIES_PER_ADDRESS", 3)
    answers = [Desk().sign_in(User(username=f"nobody-{n}")).status_code for n in range(4)]

    assert answers == [401, 401, 401, 429]


def test_what_cannot_be_counted_does_not_take_place(nurse, monkeypatch):
    monkeypatch.setattr(cache, "incr", lambda key, *rest: 0)

    answer = Desk().sign_in(nurse)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_a_site_that_is_out_of_use_is_none_to_work_at(nurse, site):
    StaffMember.objects.create(user=nurse, site=make_site(code="OUT", is_active=False), role="supervisor")

    assert [post["site"] for post in Desk().sign_in(nurse).json()["posts"]] == ["A1"]
    assert PASSWORD not in Desk().sign_in(nurse).text
