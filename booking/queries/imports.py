"""Uploaded files, for those who may look at them; and what of them can be downloaded again."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from booking.models import ClosedDay, ImportRun, PlanSession, Slot
from booking.queries.taken import taken_in
from sites.models import Site, StaffMember
from sites.scope import Scope, scope_of


def visible_runs(user: User) -> QuerySet[ImportRun]:
    """The account's own files; everybody's for those who are responsible for the whole city."""
    runs = ImportRun.objects.select_related("by", "invitation_list").defer("content")
    return runs if scope_of(user).everywhere else runs.filter(by=user)


def kinds_for(user: User) -> list[str]:
    """Which kinds of files the account may send from the page for files."""
    scope = scope_of(user)
    kinds = []
    if user.has_perm("sites.add_site") and (scope.everywhere or scope.districts):
        kinds.append("sites")
    if user.has_perm("sites.add_staffmember"):
        kinds.append("staff")
    if user.has_perm("booking.add_quotaplan") and (scope.everywhere or scope.districts):
        kinds.append("plans")
    # A person belongs to no district.
    if user.has_perm("booking.add_outsidedose") and scope.everywhere:
        kinds.append("outside")
    return kinds


def may_send(user: User, kind: str) -> bool:
    """Whether the account may send files of this kind; people to invite are sent from the page of their list."""
    if kind == "invitations":
        return user.has_perm("booking.add_invitationlist") and scope_of(user).everywhere
    return kind in kinds_for(user)


def own_rows(kind: str, scope: Scope) -> QuerySet[Any]:
    """Everything of a kind in this part of the city, in the order of its file."""
    if kind == "sites":
        return Site.objects.filter(scope.of_sites())
    if kind == "staff":
        return StaffMember.objects.filter(scope.of_sites("site"))
    if kind == "slots":
        return Slot.objects.standing().filter(scope.of_sites("site"))
    if kind == "closed_days":
        return ClosedDay.objects.filter(scope.of_sites("site"))
    sessions = PlanSession.objects.all()
    return sessions if scope.everywhere else sessions.filter(plan__district__in=scope.districts)


_JOINED = {
    "sites": (["district"], ["code"]),
    "staff": (["user", "site"], ["site__code", "user__username", "role"]),
    "plans": (["plan__programme", "plan__district"], ["plan__code", "weekday", "begins"]),
    "slots": (["site", "programme"], ["starts_at", "site__code", "pk"]),
    "closed_days": (["site"], ["day", "site__code"]),
}
_AT_ONCE = 2000


def rows_for_file(kind: str, rows: QuerySet[Any]) -> Any:
    """The rows with everything that their file says about them, some at a time."""
    joined, order = _JOINED[kind]
    # Filters over many-valued relations repeat rows; the keys do not.
    keys = list(rows.order_by(*order).values_list("pk", flat=True))
    keys = list(dict.fromkeys(keys))
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        found = rows.model._default_manager.filter(pk__in=some).select_related(*joined).in_bulk()
        taken = taken_in(some) if kind == "slots" else {}
        for key in some:
            if (row := found.get(key)) is not None:
                if kind == "slots":
                    row.taken = taken.get(key, 0)
                yield row


def errors_by_row(run: ImportRun) -> dict[int, list[dict[str, Any]]]:
    """What is wrong, by the number of the row."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for error in run.errors:
        found[error["row"]].append(error)
    return found
