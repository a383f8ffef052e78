"""Identity documents: what a number must look like, and what can be read from it. Plain Python.

The resident ID follows GB 11643-1999: six digits of the place, the birth date, a serial number whose last digit is odd
for men, and a check character (ISO 7064, MOD 11-2).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_OLDEST_YEAR = 1900


class BadDocument(Exception):
    """The number cannot be right. `message` says what to do and never holds the number."""

    def __init__(self, message: Promise | str) -> None:
        super().__init__("bad document")
        self.message = message


@dataclass(frozen=True, slots=True)
class Document:
    """A number as it is stored, and the birth date and sex where the number tells them."""

    number: str
    birth_date: date | None = None
    sex: str | None = None


def tidy(number: str) -> str:
    """The number as it is stored: full-width digits and look-alikes made plain, no blanks or dashes, capitals."""
    plain = unicodedata.normalize("NFKC", number)
    return re.sub(r"[\s\-·]", "", plain).upper()


def check_character(first_17: str) -> str:
    """The 18th character of a resident ID."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def read(document_type: str, number: str, *, today: date) -> Document:
    """Check the number of a document of this type (accounts.models.DocumentType). Raises BadDocument."""
    plain = tidy(number)
    if not plain:
        raise BadDocument(_("请填写证件号码。"))
    if document_type == "resident_id":
        return _eighteen(plain, today, _("身份证号"))
    if document_type == "foreign_residence" and plain[:1] == "9":
        return _eighteen(plain, today, _("永久居留身份证号"))
    pattern, message = _FORMS[document_type]
    if re.fullmatch(pattern, plain) is None:
        raise BadDocument(message)
    return Document(plain)


_FORMS: dict[str, tuple[str, Promise]] = {
    "passport": (r"[A-Z0-9]{5,12}", _("护照号应为 5 到 12 位字母和数字。")),
    "hk_macao_permit": (r"[HM]\d{8}(\d{2})?", _("通行证号应为 H 或 M 加 8 位数字。")),
    "taiwan_permit": (r"\d{8}(\d{2})?", _("台胞证号应为 8 位数字。")),
    "foreign_residence": (r"[A-Z]{3}\d{12}", _("永久居留身份证号应为 18 位，或 3 位字母加 12 位数字。")),
    "birth_certificate": (r"[A-Z]\d{9}", _("出生证编号应为 1 位字母加 9 位数字。")),
}


def _eighteen(number: str, today: date, what: Promise) -> Document:
    if len(number) != 18:
        raise BadDocument(format_lazy(_("{what}应为 18 位，您填了 {length} 位。"), what=what, length=len(number)))
    if re.fullmatch(r"[0-9]{17}[0-9X]", number, re.ASCII) is None:
        raise BadDocument(format_lazy(_("{what}只能有数字，最后一位可以是 X。"), what=what))
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise BadDocument(format_lazy(_("{what}里的出生日期不存在，请核对第 7 到 14 位。"), what=what)) from None
    if born > today or born.year < _OLDEST_YEAR:
        raise BadDocument(format_lazy(_("{what}里的出生日期不对，请核对第 7 到 14 位。"), what=what))
    if check_character(number[:17]) != number[17]:
        raise BadDocument(format_lazy(_("{what}不对，请逐位核对。"), what=what))
    return Document(number, born, "M" if int(number[16]) % 2 else "F")
