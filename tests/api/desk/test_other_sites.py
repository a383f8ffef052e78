"""Whatever there is below /desk/: for staff of one site nothing of another exists. New addresses are asked too."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver

from accounts.models import LookUp
from booking.api.desk import urls
from booking.models import DeskAct, Outcome, StockMovement, Visit
from tests.api.desk.conftest import Desk
from tests.desk_factories import make_desk, make_expected, make_visit
from tests.factories import CLOCK

METHODS = ("get", "post", "put", "patch", "delete")
# They are about whoever is signed in, and about no site.
ABOUT_NO_SITE = {"session"}
# What the calls ask for, all in one; a new call with a field of its own adds it here.
ASKED: dict[str, Any] = {
    "date": "2026-11-24",
    "acts": [],
    "device": "11111111-1111-4111-8111-111111111111",
    "check_ins": [],
    "code": "123456",
    "document_type": "passport",
    "document_number": "E12345678",
    "reason": "忘带手机",
    "id": 1,
    "decision": "seen",
    "note": "",
    "said_yes": [],
    "body_site": "left_arm",
    "route": "intramuscular",
    "began_at": CLOCK.isoformat(),
    "key": "key-00000001",
    "vaccine": "influenza",
    "programme": "influenza",
    "name": "王秀兰",
    "birth_date": "1990-01-01",
    "sex": "F",
    "number": "L1",
    "expires_on": "2027-01-01",
    "until": CLOCK.isoformat(),
    "doses": 1,
    "batch": 1,
    "finished": True,
    "counted": [],
}
# Where the same field means another thing.
ASKED_AT: dict[str, dict[str, Any]] = {
    "answers": {"decision": "may"},
    "doses": {"batch": "L1"},
    "reaction": {"kind": "fainting", "action": "watched"},
    "conflicts": {"key": None},
    "take-out": {"kind": "wasted"},
    "leftovers": {"batch": ""},
    "outside-doses": {
        "dose": 1,
        "given_on": "2026-03-01",
        "where": "武汉",
        "evidence": "接种证",
        "batch": "",
        "reference": "123456789012",
    },
}
IDS = {
    "<reference:reference>": "{reference}",
    "<uuid:round_id>": ASKED["device"],
    "<uuid:screen_id>": ASKED["device"],
    "<int:act_id>": "1",
    "<uuid:outside_dose_id>": ASKED["device"],
}


def _calls() -> Iterator[tuple[str, str]]:
    for pattern in _patterns(urls.urlpatterns):
        if str(pattern.pattern) in ABOUT_NO_SITE:
            continue
        view = pattern.callback.cls
        for method in METHODS:
            if hasattr(view, method):
                yield method.upper(), str(pattern.pattern)


def _patterns(found: list[Any]) -> Iterator[URLPattern]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns)
        else:
            yield one


def _asked(pattern: str, site: str) -> dict[str, Any]:
    body = {**ASKED, **ASKED_AT.get(pattern.rpartition("/")[2], {}), "site": site}
    return {name: value for name, value in body.items() if value is not None}


def _ask(desk: Desk, method: str, pattern: str, *, site: str, reference: str) -> Any:
    address = pattern
    for written, value in IDS.items():
        address = address.replace(written, value.format(reference=reference))
    body = None if method == "GET" else _asked(pattern, site)
    return desk.call(method, f"{address}?site={site}&date=2026-11-24", body)


@pytest.fixture
def theirs(other):
    appointment = make_expected(other, 1)[0]
    make_visit(appointment)
    return appointment


def _told_about(appointment: Any) -> list[str]:
    return [appointment.patient.name, str(appointment.patient.document_number)[-4:] + '"', appointment.slot.site.name]


@pytest.mark.parametrize(("method", "pattern"), list(_calls()))
def test_a_site_where_somebody_has_no_post_does_not_exist(site, theirs, supervisor, method, pattern):
    answer = _ask(supervisor, method, pattern, site="B1", reference=theirs.reference)

    assert answer.status_code == 404, (answer.status_code, answer.text)
    assert not any(said in answer.text for said in _told_about(theirs))
    assert DeskAct.objects.count() == 0 == LookUp.objects.count() + StockMovement.objects.count()
    assert Visit.objects.get().status == "ARRIVED"


@pytest.mark.parametrize(("method", "pattern"), [call for call in _calls() if "<" in call[1]])
def test_nothing_of_another_site_is_found_by_its_number(site, theirs, supervisor, method, pattern):
    answer = _ask(supervisor, method, pattern, site="A1", reference=theirs.reference)

    assert answer.status_code == 404, (answer.status_code, answer.text)
    assert not any(said in answer.text for said in _told_about(theirs))
    assert not DeskAct.objects.exists()


@pytest.mark.parametrize(("method", "pattern"), list(_calls()))
def test_without_a_session_there_is_nothing_at_all(theirs, method, pattern):
    answer = _ask(Desk(), method, pattern, site="B1", reference=theirs.reference)

    assert answer.status_code == 401


@pytest.mark.parametrize(("method", "pattern"), list(_calls()))
def test_the_cookie_without_its_header_opens_none_of_it(site, theirs, supervisor, method, pattern):
    supervisor.header = ""

    answer = _ask(supervisor, method, pattern, site="A1", reference=theirs.reference)

    assert answer.status_code == 401


def test_the_calls_that_are_asked_are_those_that_there_are():
    assert {("GET", "day-list"), ("POST", "acts"), ("POST", "check-ins"), ("POST", "find")} < set(_calls())


def test_an_act_in_conflict_of_another_site_cannot_be_answered(site, other, supervisor):
    by = make_desk(other)
    act = DeskAct.objects.create(
        key="k", site=other, device=ASKED["device"], sequence=1, kind="CHECK_IN", desk="", by=by, sent_by=by,
        happened_at=CLOCK, received_at=CLOCK, offline=True, outcome=Outcome.CONFLICT, code="unknown",
    )  # fmt: skip

    for named in ({"id": act.pk}, {"key": "k"}):
        answer = supervisor.post("conflicts", {"site": "A1", "decision": "seen", **named})
        assert answer.status_code == 404
