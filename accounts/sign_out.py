"""Signing out on every device."""

from accounts.models import User


def sign_out_everywhere(user_id: int) -> None:
    """End every session of the citizen's account, at once."""
    user = User.objects.get(pk=user_id)
    # A session is bound to the password's hash, and every unusable one is different.
    user.set_unusable_password()
    user.save(update_fields=["password"])
