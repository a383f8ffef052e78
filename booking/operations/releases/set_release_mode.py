"""How a programme's places are released is set, and set back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from booking.models import Cohort, Programme, ReleaseMode
from booking.operations.refusals import NotFound
from booking.operations.releases.refusals import ModeNotSet
from booking.queries.programmes import forget_programmes
from booking.queries.release_modes import forget_release_modes
from booking.queries.release_settings import SET, UNDONE, change_to_undo, release_setting
from booking.rules.release_setting import NamedCohort, ReleaseSetting, in_order


def set_release_mode(
    *,
    programme_id: int,
    mode: str,
    cohorts: Sequence[NamedCohort] | None = None,
    seen: str | None = None,
    by: User,
    origin: str | None = None,
    now: datetime,
) -> ReleaseSetting:
    """Release the programme in this mode from now on, with these cohorts; None leaves its cohorts as they are.

    `seen` is the digest of the setting that the caller has looked at: if it is another one by now, nothing changes.
    This process knows at once, others after two seconds. Held places stay good, appointments stay booked. Raises
    NotFound and ModeNotSet.
    """
    with transaction.atomic():
        programme = _locked(programme_id)
        before = release_setting(programme)
        if seen is not None and seen != before.digest():
            raise ModeNotSet(reason="changed")
        after = ReleaseSetting(mode, before.cohorts if cohorts is None else in_order(cohorts))
        if after.mode == ReleaseMode.COHORT and not after.cohorts:
            raise ModeNotSet(reason="no_cohorts")
        if after.digest() != before.digest():
            _write(programme, before, after)
            _note(programme, SET, before, after, by=by, origin=origin, now=now)
    return after


def undo_release_mode(
    *, programme_id: int, entry: int, by: User, origin: str | None = None, now: datetime
) -> ReleaseSetting:
    """Set back what that change of the audit trail has set, if nobody changed it since.

    Raises NotFound and ModeNotSet.
    """
    with transaction.atomic():
        programme = _locked(programme_id)
        present = release_setting(programme)
        change = change_to_undo(programme, present)
        if change is None or change.entry != entry:
            raise ModeNotSet(reason="nothing_to_undo")
        _write(programme, present, change.before)
        _note(programme, UNDONE, present, change.before, by=by, origin=origin, now=now)
    return change.before


def _locked(programme_id: int) -> Programme:
    # Not against bookings, which only point at the row.
    found = Programme.objects.select_for_update(of=("self",), no_key=True).filter(pk=programme_id).first()
    if found is None:
        raise NotFound(what="programme")
    return found


def _write(programme: Programme, before: ReleaseSetting, after: ReleaseSetting) -> None:
    programme.release_mode = after.mode
    programme.save(update_fields=["release_mode"])
    if before.cohorts != after.cohorts:
        Cohort.objects.filter(programme=programme).delete()
        Cohort.objects.bulk_create(_row(programme, one) for one in after.cohorts)
    transaction.on_commit(forget_release_modes)
    transaction.on_commit(forget_programmes)


def _row(programme: Programme, one: NamedCohort) -> Cohort:
    return Cohort(
        programme=programme,
        name=one.name,
        name_en=one.name_en,
        digits=sorted(one.rule.digits),
        born_from=one.rule.born_from,
        born_until=one.rule.born_until,
        opens_at=one.rule.opens_at,
        closes_at=one.rule.closes_at,
    )


def _note(
    programme: Programme,
    action: str,
    before: ReleaseSetting,
    after: ReleaseSetting,
    *,
    by: User,
    origin: str | None,
    now: datetime,
) -> None:
    record(
        by=by,
        action=action,
        what=programme,
        label=programme.name,
        before=before.facts(),
        after=after.facts(),
        origin=origin,
        now=now,
    )
