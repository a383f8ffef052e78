"""What signing in and out leaves behind."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from accounts.models.account import User


class RevokedToken(models.Model):
    """A token that was signed out before its time. The cache answers first; this is what survives the cache."""

    token_id = models.CharField(primary_key=True, max_length=32)
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("已失效的令牌")
        verbose_name_plural = _("已失效的令牌")

    def __str__(self) -> str:
        return self.token_id[:6] + "…"


class KnownDevice(models.Model):
    """A browser or an app on which an account has signed in before, as a keyed hash of what it says it is."""

    user = models.ForeignKey(User, models.CASCADE, related_name="known_devices")
    device = models.UUIDField()
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "device"], name="one_row_per_account_and_device")]

    def __str__(self) -> str:
        return f"{self.device.hex[:6]}… {self.first_seen_at:%Y-%m-%d}"


class LinkedIdentity(models.Model):
    """That somebody whom the city app or an identity provider knows is the holder of an account."""

    # Keyed hash of issuer and subject: the provider's own name for a person is nobody else's business.
    subject = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="linked_identities")
    linked_at = models.DateTimeField()
    # The city app's own name for the person, to tell them things there. Empty for any other provider.
    app_subject = EncryptedTextField(null=True, blank=True, editable=False, associated="linked_identity.app_subject")

    def __str__(self) -> str:
        return f"{self.subject.hex[:6]}… {self.linked_at:%Y-%m-%d}"


class UsedTicket(models.Model):
    """A ticket of the city app that was exchanged, kept until it would have expired anyway."""

    # Keyed hash of issuer and ticket id. That it is the primary key is what makes a ticket work once.
    ticket = models.UUIDField(primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.ticket.hex[:6]}… {self.expires_at:%Y-%m-%d %H:%M}"
