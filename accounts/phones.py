"""Phone numbers as they are stored: E.164."""

import unicodedata

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberType

_CAN_RECEIVE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


class BadPhone(Exception):
    """The number cannot receive a text message. `message` says what to do and never holds the number."""

    message = _("请填写能收短信的手机号，例如 138 1234 5678；境外号码请加国家代码。")


class NotServed(BadPhone):
    """Text messages do not go to that country or region."""

    message = _("这个国家或地区的手机号收不到验证码，请用邮箱登录。")


def normal(phone: str) -> str:
    """The number in E.164; without a country code it is a Chinese one. Raises BadPhone.

    Premium and special numbers are refused: a text message to one of them would be somebody's income.
    """
    try:
        parsed = phonenumbers.parse(unicodedata.normalize("NFKC", phone)[:40], "CN")
    except phonenumbers.NumberParseException:
        raise BadPhone from None
    if not phonenumbers.is_valid_number(parsed) or phonenumbers.number_type(parsed) not in _CAN_RECEIVE:
        raise BadPhone
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def normal_for_codes(phone: str) -> str:
    """As `normal`, for a number that anybody may have a code sent to. Raises BadPhone and NotServed.

    Codes go to the countries and regions of settings.SMS_COUNTRIES only: elsewhere a message costs many times as much,
    and some numbers pay whoever has messages sent to them.
    """
    plain = normal(phone)
    if phonenumbers.region_code_for_number(phonenumbers.parse(plain)) not in settings.SMS_COUNTRIES:
        raise NotServed
    return plain
