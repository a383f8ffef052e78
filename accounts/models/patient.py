"""The people that an account books for."""

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField, blind_index
from accounts.masking import masked_name
from accounts.models.account import User


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
    # Keyed hash of the phone, so that one phone behind many accounts is noticed without decrypting.
    phone_index = models.UUIDField(null=True, editable=False)
    district_code = models.CharField(_("居住区县"), max_length=6, blank=True)
    # For somebody under 14: when a guardian agreed to the use of the child's data, and from which account.
    consented_at = models.DateTimeField(_("监护人同意时间"), null=True, blank=True)
    consented_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("同意的监护人")
    )
    added_at = models.DateTimeField(_("添加时间"), auto_now_add=True)
    removed_at = models.DateTimeField(_("移除时间"), null=True, blank=True)

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
        indexes = [
            models.Index(fields=["person"], name="patient_by_person"),
            models.Index(
                fields=["phone_index"], condition=models.Q(phone_index__isnull=False), name="patient_by_phone"
            ),
        ]

    def __str__(self) -> str:
        return masked_name(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.phone_index = blind_index("phone", str(self.phone)) if self.phone else None
        if (fields := kwargs.get("update_fields")) and "phone" in fields:
            kwargs["update_fields"] = {*fields, "phone_index"}
        super().save(*args, **kwargs)


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
