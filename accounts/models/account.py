"""The account that signs in."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField, blind_index


class Accounts(UserManager["User"]):
    """Users, found by username or by the blind index of their phone or e-mail address."""

    def for_phone(self, phone: str) -> "User | None":
        """The active user with this phone (E.164), if any."""
        return self.filter(phone_index=blind_index("phone", phone), is_active=True).first()

    def reached_at(self, receiver: str) -> "models.QuerySet[User]":
        """The account, active or not, of a phone (E.164) or an e-mail address (small letters)."""
        kind = "email" if "@" in receiver else "phone"
        return self.filter(**{f"{kind}_index": blind_index(kind, receiver)})


class TextSize(models.TextChoices):
    STANDARD = "standard", _("标准")
    LARGE = "large", _("大字")
    LARGEST = "largest", _("特大字")


class User(AbstractUser):
    """An account that signs in: a citizen by phone or e-mail, staff and administrators by username and password."""

    phone = EncryptedTextField(_("手机号"), null=True, blank=True, associated="user.phone")
    # Keyed hash of the E.164 number: finds the account and keeps numbers unique without decrypting.
    phone_index = models.UUIDField(null=True, unique=True, editable=False)
    # For people whose phone cannot be texted.
    email = EncryptedTextField(_("邮箱"), null=True, blank=True, associated="user.email")  # type: ignore[assignment]
    email_index = models.UUIDField(null=True, unique=True, editable=False)
    # In which messages are written: that of the page at the last sign-in.
    language = models.CharField(
        _("语言"), max_length=10, choices=settings.LANGUAGES, default="zh-hans", db_default="zh-hans"
    )
    # Goes up when the account is signed out everywhere; sessions and tokens of a lower epoch are dead.
    epoch = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # Where somebody who works for the city is reached. It signs nobody in, and is in no index.
    work_phone = EncryptedTextField(_("工作手机号"), null=True, blank=True, associated="user.work_phone")
    # How large pages are for this account, on whatever device it signs in; empty: never chosen.
    text_size = models.CharField(_("字号"), max_length=10, choices=TextSize, blank=True, default="")
    objects: ClassVar[Accounts] = Accounts()  # type: ignore[misc]

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        indexes = [models.Index(fields=["epoch"], condition=models.Q(epoch__gt=0), name="accounts_signed_out")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = str(self.email).strip().lower() if self.email else None
        self.phone_index = blind_index("phone", str(self.phone)) if self.phone else None
        self.email_index = blind_index("email", str(self.email)) if self.email else None
        if fields := kwargs.get("update_fields"):
            # An index that stayed behind would find the account by a number that it no longer has.
            kwargs["update_fields"] = {*fields, *(f"{name}_index" for name in ("phone", "email") if name in fields)}
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """As people write it: 刘敏, Anna Schmidt."""
        names = (self.first_name, self.last_name)
        return " ".join(names).strip() if "".join(names).isascii() else "".join(reversed(names))

    def known_as(self) -> str:
        """What colleagues know somebody by: the full name, or the username where there is none."""
        return self.get_full_name() or self.username

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        # Django checks this hash in every request of a session, with the row that it reads anyway.
        said = f"{self.password}|{self.epoch}"
        return salted_hmac("accounts.session", said, secret=secret, algorithm="sha256").hexdigest()
