"""A site with its posts, one person who has come, and a batch of what they are to get."""

from datetime import timedelta

import pytest

from booking.models import ActKind, VisitStatus
from booking.operations.desk.carry_out import carry_out
from tests.desk_factories import make_act, make_batch, make_desk, make_slot_now, make_visit
from tests.factories import CLOCK, make_appointment, make_site

POST = {
    ActKind.CHECK_IN: "registration",
    ActKind.CALL: "registration",
    ActKind.ANSWER: "screening",
    ActKind.VACCINATE: "vaccination",
    ActKind.REACT: "observation",
    ActKind.LEAVE: "observation",
    ActKind.CORRECT: "supervisor",
}


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def posts(site):
    """One staff member for each post, and a doctor who also vaccinates."""
    found = {role: make_desk(site, role) for role in {*POST.values()}}
    return {**found, "doctor": make_desk(site, "screening", "vaccination")}


@pytest.fixture
def appointment(site):
    """Booked for a slot that began ten minutes ago."""
    return make_appointment(make_slot_now(site))


@pytest.fixture
def arrived(appointment):
    """The visit of somebody who has just checked in."""
    return make_visit(appointment, at=CLOCK - timedelta(minutes=5))


@pytest.fixture
def batch(site, appointment):
    return make_batch(site, appointment.programme.vaccine)


@pytest.fixture
def tell(site, posts):
    """A device tells an act of the post that it belongs to, or of another one."""

    def run(kind, appointment, *, post=None, at=CLOCK, now=None, **fields):
        by = posts[post or POST[kind]]
        act = make_act(kind, appointment, by, at=at, **fields)
        return carry_out(act, site=site, sent_by=by.pk, now=now or max(at, CLOCK))

    return run


@pytest.fixture
def ask(tell):
    """The health questions: nothing said yes to and free to be vaccinated, unless told otherwise."""

    def run(appointment, decision="may", *, said_yes=(), note="", deferred_until=None, **fields):
        data = {"said_yes": list(said_yes), "decision": decision, "note": note, "deferred_until": deferred_until}
        return tell(ActKind.ANSWER, appointment, data=data, **fields)

    return run


@pytest.fixture
def give(tell):
    """A dose from the batch FLU2611 into the left arm, unless told otherwise."""

    def run(appointment, batch="FLU2611", *, lift=(), lift_reason="", more=None, **fields):
        data = {"batch": batch, "body_site": "left_arm", "route": "intramuscular", "lift": list(lift)}
        data |= {"lift_reason": lift_reason, **(more or {})}
        return tell(ActKind.VACCINATE, appointment, data=data, **fields)

    return run


@pytest.fixture
def vaccinated(appointment, arrived, batch, ask, give):
    """The visit of somebody who is asked and vaccinated, and being observed."""
    assert ask(appointment).outcome == give(appointment).outcome == "done"
    arrived.refresh_from_db()
    assert arrived.status == VisitStatus.IN_PROGRESS
    return arrived
