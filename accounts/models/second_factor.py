"""The second factor of administrators: the app on their phone that shows a new code every half minute."""

import hmac

from django.conf import settings
from django_otp.plugins.otp_totp.models import TOTPDevice


class SecondFactor(TOTPDevice):
    """A device whose codes follow from its row and from a key that is not in the ledger.

    Whoever gets hold of a copy of the ledger cannot make codes.
    """

    class Meta:
        proxy = True

    @property
    def bin_key(self) -> bytes:
        """The secret that the app on the phone has."""
        said = f"second factor\x00{self.key}"
        return hmac.digest(settings.BLIND_INDEX_KEY, said.encode(), "sha256")[:20]
