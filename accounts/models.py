"""Who someone is: the account that signs in, and the patients that it books for."""

import uuid
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

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        # Django checks this hash in every request of a session, with the row that it reads anyway.
        said = f"{self.password}|{self.epoch}"
        return salted_hmac("accounts.session", said, secret=secret, algorithm="sha256").hexdigest()


class DocumentType(models.TextChoices):
    RESIDENT_ID = "resident_id", _("居民身份证")
    PASSPORT = "passport", _("护照")
    HK_MACAO_PERMIT = "hk_macao_permit", _("港澳居民来往内地通行证")
    TAIWAN_PERMIT = "taiwan_permit", _("台湾居民来往大陆通行证")
    FOREIGN_RESIDENCE = "foreign_residence", _("外国人永久居留身份证")
    BIRTH_CERTIFICATE = "birth_certificate", _("出生医学证明")


class Sex(models.TextChoices):
    FEMALE = "F", _("女")
    MALE = "M", _("男")


class Relation(models.TextChoices):
    SELF = "self", _("本人")
    PARENT = "parent", _("父母")
    CHILD = "child", _("子女")
    SPOUSE = "spouse", _("配偶")
    OTHER = "other", _("其他亲属")


class Patient(models.Model):
    """A person to be vaccinated, as one account knows them.

    Two accounts may hold the same person: each has its own row, and `person` is equal in both,
    so that rules about a person hold across accounts while neither sees the other's row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="patients", verbose_name=_("账号"))
    person = models.UUIDField(editable=False, help_text="Keyed hash of the document's type and number.")
    name = models.CharField(_("姓名"), max_length=80)
    document_type = models.CharField(_("证件类型"), max_length=20, choices=DocumentType)
    document_number = EncryptedTextField(_("证件号码"), associated="patient.document_number")
    birth_date = models.DateField(_("出生日期"))
    sex = models.CharField(_("性别"), max_length=1, choices=Sex)
    relation = models.CharField(_("关系"), max_length=10, choices=Relation)
    phone = EncryptedTextField(_("手机号"), null=True, blank=True, associated="patient.phone")
    district_code = models.CharField(_("居住区县"), max_length=6, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("接种人")
        verbose_name_plural = _("接种人")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "person"],
                condition=models.Q(removed_at__isnull=True),
                name="one_row_per_person_and_account",
            ),
        ]
        indexes = [models.Index(fields=["person"], name="patient_by_person")]

    def __str__(self) -> str:
        from accounts.masking import masked_name

        return masked_name(self.name)


class LookUpKind(models.TextChoices):
    SEARCHED = "SEARCHED", _("按证件或手机号查找")
    OPENED = "OPENED", _("打开详情")


class LookUp(models.Model):
    """That somebody of the city's own looked at a person's data, and why. Rows are only added.

    It holds keyed hashes and primary keys, never a number or a name.
    """

    kind = models.CharField(_("方式"), max_length=10, choices=LookUpKind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("查看人"))
    at = models.DateTimeField(_("时间"))
    # The blind index of the document; NULL where an account was looked for.
    person = models.UUIDField(null=True, db_index=True, editable=False)
    # What was opened, as "accounts.patient 3f…"; empty for a search.
    what = models.CharField(_("对象"), max_length=80, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    found = models.PositiveSmallIntegerField(_("找到几条"), default=1)

    class Meta:
        verbose_name = _("查看记录")
        verbose_name_plural = _("查看记录")
        indexes = [models.Index(fields=["at"], name="look_ups_by_time")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


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

    def __str__(self) -> str:
        return f"{self.subject.hex[:6]}… {self.linked_at:%Y-%m-%d}"


class UsedTicket(models.Model):
    """A ticket of the city app that was exchanged, kept until it would have expired anyway."""

    # Keyed hash of issuer and ticket id. That it is the primary key is what makes a ticket work once.
    ticket = models.UUIDField(primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.ticket.hex[:6]}… {self.expires_at:%Y-%m-%d %H:%M}"


class AnsweredRequest(models.Model):
    """What an earlier try with this request key was answered, written in the same transaction as its effect."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    # Of method, path and body: the same key with another request is the caller's mistake.
    digest = models.CharField(max_length=32)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)
    answered_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_request_key")]

    def __str__(self) -> str:
        return f"{self.status} {self.answered_at:%Y-%m-%d %H:%M}"
