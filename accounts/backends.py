"""Signing in without a password: by a code, by the city app's ticket, by an identity provider."""

from django.contrib.auth.backends import BaseBackend

from accounts.models import User


class ProofBackend(BaseBackend):
    """Keeps citizens signed in; whoever proved to be the holder was asked before (accounts/sign_in.py).

    It never lets administrators in: whoever has an administrator's phone does not have the password.
    """

    def get_user(self, user_id: int) -> User | None:
        """The account, as long as it is a citizen's and not closed."""
        return User.objects.filter(pk=user_id, is_active=True, is_staff=False, is_superuser=False).first()
