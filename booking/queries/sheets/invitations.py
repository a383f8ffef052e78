"""The columns of a file of people to invite. What it says about anybody is shown masked, and not kept."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import documents
from accounts.masking import masked_number, masked_phone
from accounts.models import DocumentType
from accounts.phones import BadPhone, normal
from booking.models import Invitation
from booking.queries.sheets.sheet import Column, Sheet
from booking.queries.sheets.widgets import Choice, Text
from booking.rules import cells
from booking.rules.cells import BadCell


class Language(models.TextChoices):
    """As settings.LANGUAGES, by the words that people write into a file."""

    CHINESE = "zh-hans", _("中文")
    ENGLISH = "en", _("英文")


class DocumentNumber(Text):
    """The number of an identity document; written only masked."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        return documents.tidy(cells.code(value))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return masked_number(str(value)) if value else ""


class Phone(Text):
    """A phone that receives text messages; written only masked."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        text = cells.code(value)
        try:
            return normal(text) if text else None
        except BadPhone:
            raise BadCell("bad_phone") from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return masked_phone(str(value)) if value else ""


class InvitationSheet(Sheet):
    """People by their documents, and where and in which language they are told."""

    is_personal = True

    document_number = Column(
        "document_number",
        _("证件号码"),
        DocumentNumber(),
        example="43010219580314002X",
        hint=_("必填。导入后只留下认人用的指纹，不留号码。"),
    )
    document_type = Column(
        "document_type",
        _("证件类型"),
        Choice(DocumentType),
        example="居民身份证",
        hint=_("必填，例如居民身份证、护照。"),
    )
    phone = Column(
        "phone",
        _("手机号"),
        Phone(),
        example="138 1234 5678",
        hint=_("可以空着：已有账号的，在账号里通知。"),
        keeps=True,
    )
    language = Column(
        "language", _("短信语言"), Choice(Language), example="中文", hint=_("中文或英文，空着是中文。"), keeps=True
    )

    class Meta:
        model = Invitation
        import_id_fields = ["document_number", "document_type"]
        fields = ["document_type", "document_number", "phone", "language"]
