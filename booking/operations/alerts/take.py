"""A person takes care of an alert: claims it, hands it back, says what was done, or takes that back."""

from datetime import datetime
from typing import Any

from booking.models import Alert
from booking.operations.alerts.refusals import AlertClaimed, AlertOver
from booking.operations.refusals import NotFound
from booking.queries.city_screen.alerts import seen_by
from sites.scope import Scope


def claim(*, alert_id: int, by: int, scope: Scope, now: datetime) -> Alert:
    """From now on it is this account's to see to; a second time changes nothing.

    Raises NotFound for one outside the scope, AlertClaimed where somebody else was first, AlertOver.
    """
    free = {"claimed_by": None, "handled_at": None}
    return _change(alert_id, scope, by, only_if=free, claimed_by=by, claimed_at=now)


def hand_back(*, alert_id: int, by: int, scope: Scope) -> Alert:
    """It is nobody's again. Whoever is responsible may do it for somebody who has gone home.

    Raises NotFound and AlertOver.
    """
    return _change(alert_id, scope, None, only_if={"handled_at": None}, claimed_by=None, claimed_at=None)


def handle(*, alert_id: int, by: int, note: str, scope: Scope, now: datetime) -> Alert:
    """Write down what was done; it stays in the list, at rest, until the facts end it.

    One that nobody has claimed is claimed with it. Raises NotFound, AlertClaimed and AlertOver.
    """
    found = _open(alert_id, scope)
    if found.claimed_by_id is None:
        claim(alert_id=alert_id, by=by, scope=scope, now=now)
    own = {"claimed_by": by, "handled_at": None}
    return _change(alert_id, scope, by, only_if=own, handled_by=by, handled_at=now, note=note)


def reopen(*, alert_id: int, scope: Scope) -> Alert:
    """It is not done after all: claimed as before. Raises NotFound and AlertOver."""
    handled = {"handled_at__isnull": False}
    return _change(alert_id, scope, None, only_if=handled, handled_by=None, handled_at=None, note="")


def _change(alert_id: int, scope: Scope, by: int | None, *, only_if: dict[str, Any], **columns: Any) -> Alert:
    # One statement decides; what it found in its way is looked at afterwards.
    named = {f"{name}_id" if name in ("claimed_by", "handled_by") else name: value for name, value in columns.items()}
    changed = Alert.objects.filter(pk=alert_id, ended_at=None, **only_if).filter(seen_by(scope)).update(**named)
    row = _open(alert_id, scope)
    if changed:
        return row
    if row.handled_at is None and by is not None and row.claimed_by_id not in (None, by):
        assert row.claimed_by is not None
        raise AlertClaimed(by=row.claimed_by.known_as())
    if row.handled_at is None and by is not None and row.claimed_by_id == by:
        return row
    raise AlertOver()


def _open(alert_id: int, scope: Scope) -> Alert:
    row = Alert.objects.filter(seen_by(scope), pk=alert_id).select_related("claimed_by").first()
    if row is None:
        raise NotFound(what="alert")
    if row.ended_at is not None:
        raise AlertOver()
    return row
