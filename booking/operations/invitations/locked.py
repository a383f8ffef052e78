"""A list, while somebody decides about it."""

from booking.models import InvitationList
from booking.operations.refusals import NotFound


def locked(list_id: int) -> InvitationList:
    """The list's row, locked in the caller's transaction. Raises NotFound."""
    one = InvitationList.objects.select_for_update().filter(pk=list_id).first()
    if one is None:
        raise NotFound(what="invitation_list")
    return one
