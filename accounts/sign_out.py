"""Signing out everywhere: sessions and tokens carry the account's epoch, and this ends it."""

from django.db.models import F

from accounts import tokens
from accounts.models import User


def sign_out_everywhere(user_id: int) -> None:
    """End every session and every API token of the account, at once."""
    # A session is checked against the account's row (User.get_session_auth_hash), a token against the cache.
    User.objects.filter(pk=user_id).update(epoch=F("epoch") + 1)
    epoch = User.objects.values_list("epoch", flat=True).get(pk=user_id)
    tokens.end_before(user_id, epoch)
