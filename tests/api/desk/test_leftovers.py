"""The supervisor offers leftover doses, sees the replies and stops."""

import pytest

from accounts.masking import masked_name
from booking.models import Appointment, LeftoverRound
from booking.operations.waitlist.accept import accept
from booking.operations.waitlist.advance_leftovers import advance_leftovers
from booking.operations.waitlist.decline import decline
from tests.desk_factories import make_desk
from tests.factories import CLOCK, make_patient
from tests.waitlist_factories import Leftovers, pending


@pytest.fixture
def leftovers(site):
    return Leftovers(CLOCK, site=site)


def masked(offer) -> str:
    return masked_name(offer.entry.patient.name)


def wanted(leftovers, **more):
    return {
        "site": leftovers.site.code,
        "programme": leftovers.programme.code,
        "doses": 2,
        "until": leftovers.until.isoformat(),
        **more,
    }


def test_a_round_begins_and_its_replies_come_in_with_masked_names(leftovers, supervisor):
    for minutes, name in ((3, "王秀兰"), (2, "李雷"), (1, "张三丰")):
        leftovers.waits(make_patient(name=name), minutes=minutes)

    begun = supervisor.post("leftovers", wanted(leftovers))
    assert begun.status_code == 201
    (round_,) = begun.json()["rounds"]
    assert (round_["state"], round_["doses"], round_["promised"], round_["left"]) == ("running", 2, 0, 2)
    assert begun.json()["rule"].startswith("先通知点名本接种点的")

    advance_leftovers(now=CLOCK)
    yes, no = pending()
    accept(account_id=yes.entry.account_id, offer_id=yes.pk, now=CLOCK)
    decline(account_id=no.entry.account_id, offer_id=no.pk, now=CLOCK)
    advance_leftovers(now=CLOCK)

    answer = supervisor.get(f"leftovers?site={leftovers.site.code}")
    (round_,) = answer.json()["rounds"]
    assert (round_["promised"], round_["left"]) == (1, 1)
    said = {one["name"]: one for one in round_["offers"]}
    # Two were asked in the same moment.
    assert {name: one["state"] for name, one in said.items()} == {
        **{masked(yes): "accepted", masked(no): "declined"},
        "张*丰": "pending",
    }
    assert said[masked(yes)]["reference"] == Appointment.objects.get().reference
    for whole in ("王秀兰", "李雷", "张三丰"):
        assert whole not in answer.content.decode()


def test_stopping_leaves_what_was_accepted(leftovers, supervisor):
    leftovers.waits()
    round_ = leftovers.begins(doses=2)

    for _ in range(2):
        stopped = supervisor.post(f"leftovers/{round_.pk}/stop", {"site": leftovers.site.code})
        assert stopped.status_code == 200

    assert stopped.json()["rounds"][0]["state"] == "stopped"
    assert stopped.json()["rounds"][0]["offers"][0]["state"] == "withdrawn"


def test_only_a_supervisor_and_only_of_this_site(leftovers, registration, other, signed_in):
    elsewhere = signed_in(make_desk(other, "supervisor"))
    round_ = leftovers.begins()
    code = leftovers.site.code

    assert registration.get(f"leftovers?site={code}").status_code == 403
    assert registration.post("leftovers", wanted(leftovers)).status_code == 403
    assert registration.post(f"leftovers/{round_.pk}/stop", {"site": code}).status_code == 403
    assert elsewhere.get(f"leftovers?site={code}").status_code == 404
    assert elsewhere.post("leftovers", wanted(leftovers)).status_code == 404
    assert elsewhere.post(f"leftovers/{round_.pk}/stop", {"site": code}).status_code == 404
    # A round of another site is not found at one's own either.
    assert elsewhere.post(f"leftovers/{round_.pk}/stop", {"site": other.code}).status_code == 404
    assert LeftoverRound.objects.get().state == "RUNNING"


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"doses": 0}, 400, "invalid"),
        ({"doses": 51}, 400, "invalid"),
        ({"until": "12:30"}, 400, "invalid"),
        ({"until": CLOCK.isoformat()}, 409, "cannot_begin"),
        ({"programme": "nothing"}, 404, "not_found"),
        ({"batch": "unknown"}, 404, "not_found"),
    ],
)
def test_what_cannot_begin_is_said(leftovers, supervisor, more, status, code):
    refused = supervisor.post("leftovers", wanted(leftovers, **more))

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert not LeftoverRound.objects.exists()


def test_a_second_round_of_the_same_programme_waits_and_says_so(leftovers, supervisor):
    leftovers.begins()

    refused = supervisor.post("leftovers", wanted(leftovers))

    assert refused.json()["detail"] == "这个项目正在叫余苗。请先等它结束，或停止它。"


def test_a_time_without_a_zone_is_the_citys(leftovers, supervisor):
    assert supervisor.post("leftovers", wanted(leftovers, until="2026-11-24T12:30:00")).status_code == 201

    assert LeftoverRound.objects.get().until == leftovers.until


@pytest.mark.parametrize(("local_hour", "says"), [(20, ""), (21, "不打扰人"), (7, "不打扰人"), (8, "")])
def test_a_desk_is_told_beforehand_that_nobody_is_asked_at_night(leftovers, supervisor, clock, local_hour, says):
    clock.move_to(CLOCK.replace(hour=local_hour))

    answer = supervisor.get(f"leftovers?site={leftovers.site.code}").json()

    assert says in answer["quiet"]
    assert bool(answer["quiet"]) is bool(says)
