"""The way of release is set with a trace, and set back as long as nobody else has set it."""

from datetime import date, timedelta

import pytest

from accounts.models import AuditEntry
from booking.models import Cohort, ReleaseMode
from booking.operations.releases.refusals import ModeNotSet
from booking.operations.releases.set_release_mode import set_release_mode, undo_release_mode
from booking.queries.programmes import active_programmes
from booking.queries.release_modes import how_released
from booking.queries.release_settings import change_to_undo, release_setting
from booking.rules.release_modes import CohortRule
from booking.rules.release_setting import NamedCohort
from tests.factories import CLOCK, make_administrator, make_programme

pytestmark = pytest.mark.django_db


def _cohort(name="一", digits="12", days=1, **more) -> NamedCohort:
    opens_at = CLOCK + timedelta(days=days)
    found = {"born_from": None, "born_until": None, "closes_at": opens_at + timedelta(days=1), **more}
    return NamedCohort(name, f"{name} in English", CohortRule(frozenset(digits), opens_at=opens_at, **found))


def _set(programme, mode, cohorts=None, **more):
    wanted = {"by": make_administrator(), "now": CLOCK, **more}
    return set_release_mode(programme_id=programme.pk, mode=mode, cohorts=cohorts, **wanted)


def _present(programme):
    programme.refresh_from_db()
    return release_setting(programme)


@pytest.mark.django_db(transaction=True)
def test_the_mode_and_its_cohorts_count_at_once_in_this_process():
    programme = make_programme()
    assert how_released(programme.pk).mode == ReleaseMode.OPEN
    assert [row.release_mode for row in active_programmes()] == [ReleaseMode.OPEN]
    late = _cohort("二", "34", days=2, born_from=date(1960, 1, 1), born_until=date(1980, 1, 1), closes_at=None)

    set_to = _set(programme, ReleaseMode.COHORT, [late, _cohort()])

    assert _present(programme) == set_to
    assert [one.name for one in set_to.cohorts] == ["一", "二"]
    assert [one.digits for one in how_released(programme.pk).cohorts] == [frozenset("12"), frozenset("34")]
    assert [row.release_mode for row in active_programmes()] == [ReleaseMode.COHORT]


def test_the_trail_says_what_was_set_before_and_after():
    programme, by = make_programme(), make_administrator()

    _set(programme, ReleaseMode.COHORT, [_cohort()], by=by, origin="10.1.2.3")

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.by, entry.origin) == ("release", by, "10.1.2.3")
    assert entry.what == f"booking.programme {programme.pk}"
    assert entry.before == {"release_mode": "open", "cohorts": []}
    assert entry.after["release_mode"] == "cohort"
    assert [(row["name"], row["digits"]) for row in entry.after["cohorts"]] == [("一", "12")]


def test_another_mode_keeps_the_cohorts_for_later_and_the_same_again_changes_nothing():
    programme = make_programme()
    _set(programme, ReleaseMode.COHORT, [_cohort()])

    _set(programme, ReleaseMode.OPEN)
    _set(programme, ReleaseMode.OPEN)

    assert _present(programme).cohorts == (_cohort(),)
    assert how_released(programme.pk).cohorts == ()
    assert AuditEntry.objects.count() == 2


def test_by_cohort_without_a_cohort_is_refused():
    programme = make_programme()

    with pytest.raises(ModeNotSet) as refused:
        _set(programme, ReleaseMode.COHORT, [])

    assert refused.value.facts == {"reason": "no_cohorts"}
    assert _present(programme).mode == ReleaseMode.OPEN


def test_what_somebody_else_changed_since_the_look_is_not_written_over():
    programme = make_programme()
    seen = _present(programme).digest()
    _set(programme, ReleaseMode.INVITATION)

    with pytest.raises(ModeNotSet) as refused:
        _set(programme, ReleaseMode.DRAW, seen=seen)

    assert refused.value.facts == {"reason": "changed"}
    assert _present(programme).mode == ReleaseMode.INVITATION


def test_a_change_is_taken_back_with_its_cohorts():
    programme = make_programme()
    before = _set(programme, ReleaseMode.COHORT, [_cohort(), _cohort("二", "34", days=2)])
    _set(programme, ReleaseMode.COHORT, [_cohort("别的", "9")])
    change = change_to_undo(programme, _present(programme))

    undo_release_mode(programme_id=programme.pk, entry=change.entry, by=make_administrator(), now=CLOCK)

    assert _present(programme) == before
    # What was taken back is not taken back again, and neither is what came before it.
    assert change_to_undo(programme, before) is None
    last = AuditEntry.objects.latest("pk")
    assert (last.action, last.after) == ("undo", before.facts())


def test_a_change_that_somebody_changed_since_is_not_taken_back():
    programme = make_programme()
    _set(programme, ReleaseMode.INVITATION)
    change = change_to_undo(programme, _present(programme))
    _set(programme, ReleaseMode.DRAW)

    with pytest.raises(ModeNotSet) as refused:
        undo_release_mode(programme_id=programme.pk, entry=change.entry, by=make_administrator(), now=CLOCK)

    assert refused.value.facts == {"reason": "nothing_to_undo"}
    assert _present(programme).mode == ReleaseMode.DRAW


def test_a_change_past_the_trail_cannot_be_taken_back():
    programme = make_programme()
    _set(programme, ReleaseMode.COHORT, [_cohort()])
    Cohort.objects.update(digits=["7"])

    assert change_to_undo(programme, _present(programme)) is None
