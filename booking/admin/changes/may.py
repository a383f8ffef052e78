"""Who may do which bulk change."""

from django.http import HttpRequest

from booking.models import ChangeKind, QuotaChange

# What somebody needs beside the permission to change in bulk.
NEEDS = {
    ChangeKind.PLAN: "booking.add_slot",
    ChangeKind.COPY: "booking.add_slot",
    ChangeKind.SET: "booking.change_slot",
    ChangeKind.CLOSE: "booking.close_slot",
    ChangeKind.REOPEN: "booking.close_slot",
}


def may_apply(request: HttpRequest, change: QuotaChange) -> bool:
    """Whether the account may carry out, stop and undo this kind of change."""
    needed = ("booking.apply_quotachange", NEEDS[ChangeKind(change.kind)])
    return all(request.user.has_perm(name) for name in needed)
