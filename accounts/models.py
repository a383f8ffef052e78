"""Who someone is: the account that signs in, and the patients that it books for."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField


class Accounts(UserManager["User"]):
    """Users, found by username or by the blind index of their phone."""

    def for_phone(self, phone: str) -> "User | None":
        """The active user with this phone (E.164), if any."""
        from accounts.encryption import blind_index

        return self.filter(phone_index=blind_index("phone", phone), is_active=True).first()


class TextSize(models.TextChoices):
    STANDARD = "standard", _("标准")
    LARGE = "large", _("大字")
    LARGEST = "largest", _("特大字")


class User(AbstractUser):
    """An account that signs in: a citizen by phone, staff and administrators by username and password."""

    phone = EncryptedTextField(_("手机号"), null=True, blank=True, associated="user.phone")
    # Keyed hash of the E.164 number: finds the account and keeps numbers unique without decrypting.
    phone_index = models.UUIDField(null=True, unique=True, editable=False)
    # How large pages are for this account, on whatever device it signs in; empty: never chosen.
    text_size = models.CharField(_("字号"), max_length=10, choices=TextSize, blank=True, default="")
    objects: ClassVar[Accounts] = Accounts()  # type: ignore[misc]

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")

    def save(self, *args: Any, **kwargs: Any) -> None:
        from accounts.encryption import blind_index

        self.phone_index = blind_index("phone", str(self.phone)) if self.phone else None
        super().save(*args, **kwargs)


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
    # For somebody under 14: when a guardian agreed to the use of the child's data, and from which account.
    consented_at = models.DateTimeField(_("监护人同意时间"), null=True, blank=True)
    consented_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("同意的监护人")
    )
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


class HandOverCode(models.Model):
    """Lets a patient's own account take the patient over from the account that has held it; used once.

    The code itself is shown when it is made and kept as a keyed hash only.
    """

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="+")
    code_index = models.UUIDField(unique=True, editable=False)
    made_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    # Tries with the right code and a wrong document.
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.made_by_id} → {self.used_by_id or '?'}"


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
        indexes = [
            models.Index(fields=["at"], name="look_ups_by_time"),
            models.Index(fields=["what"], condition=models.Q(person__isnull=True), name="look_ups_of_accounts"),
        ]

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
