"""What a citizen fills in about a person: the shape and the words of the input, nothing more."""

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import DocumentType, Patient, Relation, Sex
from accounts.patients import examine
from accounts.phones import BadPhone, normal

# Letters as passports print them; blanks, hyphens, apostrophes and full stops between them.
_LATIN = re.compile(r"[A-Za-z][A-Za-z ,.'’\-]*")
_WRITTEN_DATE = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?", re.ASCII)


def _text(label: Any, required: Any, *, hint: Any = "", **attributes: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=80,
        help_text=hint,
        widget=forms.TextInput({"autocomplete": "off", **attributes}),
        error_messages={"required": required, "max_length": gettext_lazy("太长了，最多 80 个字。")},
    )


class PhoneField(forms.CharField):
    """A mobile number that may be left out; E.164 after validation, None if empty."""

    widget = forms.TextInput({"autocomplete": "off", "inputmode": "tel"})

    def clean(self, value: Any) -> str | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return normal(typed)
        except BadPhone as bad:
            raise forms.ValidationError(bad.message) from None


class WrittenDate(forms.CharField):
    """A birth date as people write it: 19900131, 1990-01-31, 1990 年 1 月 31 日."""

    widget = forms.TextInput({"autocomplete": "off", "inputmode": "numeric"})

    def clean(self, value: Any) -> date | None:
        typed = re.sub(r"\s", "", unicodedata.normalize("NFKC", super().clean(value) or ""))
        if not typed:
            return None
        found = _WRITTEN_DATE.fullmatch(typed)
        try:
            if found is None:
                raise ValueError
            return date(*(int(part) for part in found.groups()))
        except ValueError:
            raise forms.ValidationError(gettext_lazy("没有这一天。请填 8 位数字，例如 19900131。")) from None


class ChangePerson(forms.Form):
    """What may be changed about a person."""

    name = _text(
        gettext_lazy("姓名"),
        gettext_lazy("请填写姓名。"),
        hint=gettext_lazy("与证件上一样。护照填字母，例如 ZHANG WEI。"),
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("是您的"),
        choices=Relation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择是您的什么人。")},
    )
    district_code = forms.ChoiceField(
        label=gettext_lazy("居住区县（可以不选）"),
        required=False,
        help_text=gettext_lazy("有的疫苗只对部分区县的居民开放。"),
    )
    phone = PhoneField(label=gettext_lazy("本人的手机号（可以不填）"), required=False, max_length=40)

    def __init__(self, *args: Any, districts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district_code"].choices = [("", _("不选")), *districts]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if self._is_passport() and _LATIN.fullmatch(unicodedata.normalize("NFKC", name)) is None:
            raise forms.ValidationError(_("请照护照填写字母，例如 ZHANG WEI。"))
        return unicodedata.normalize("NFKC", name) if self._is_passport() else name

    def _is_passport(self) -> bool:
        raise NotImplementedError


class EditPerson(ChangePerson):
    """Change a person of one's list. An empty phone leaves the one that is known."""

    forget_phone = forms.BooleanField(label=gettext_lazy("不再留这个手机号"), required=False)

    def __init__(self, *args: Any, patient: Patient, shown_phone: str, **kwargs: Any) -> None:
        names = ("name", "relation", "district_code")
        super().__init__(*args, initial={name: getattr(patient, name) for name in names}, **kwargs)
        self._patient = patient
        if shown_phone:
            self.fields["phone"].help_text = _("现在是 %(phone)s。不改就空着。") % {"phone": shown_phone}
        else:
            del self.fields["forget_phone"]

    def _is_passport(self) -> bool:
        return self._patient.document_type == DocumentType.PASSPORT

    def changes(self) -> dict[str, Any]:
        """What accounts.patients.change_patient takes."""
        asked = {name: self.cleaned_data[name] for name in ("name", "relation", "district_code")}
        if self.cleaned_data["phone"] or self.cleaned_data.get("forget_phone"):
            asked["phone"] = self.cleaned_data["phone"]
        return asked


class AddPerson(ChangePerson):
    """Everything about a new person; birth date and sex only where the document's number does not tell them."""

    document_type = forms.ChoiceField(label=gettext_lazy("证件类型"), choices=DocumentType.choices)
    document_number = forms.CharField(
        label=gettext_lazy("证件号码"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("请填写证件号码。"),
            "max_length": gettext_lazy("号码太长了，请核对。"),
        },
    )
    birth_date = WrittenDate(
        label=gettext_lazy("出生日期"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("8 位数字，例如 19900131。用身份证不用填，号码里已有。"),
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("性别"),
        required=False,
        choices=Sex.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("用身份证不用选，号码里已有。"),
    )
    guardian_consent = forms.BooleanField(
        label=gettext_lazy("我是孩子的监护人，同意为预约和接种使用孩子的信息"),
        required=False,
        help_text=gettext_lazy("不满 14 周岁才需要勾选。"),
    )
    field_order = [
        "document_type", "document_number", "name", "birth_date", "sex", "relation", "guardian_consent",
        "district_code", "phone",
    ]  # fmt: skip

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def _is_passport(self) -> bool:
        return self.cleaned_data.get("document_type") == DocumentType.PASSPORT

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        # All at once: nobody should mend one field to be told of the next.
        if "document_type" in found and "document_number" in found:
            _told, mistakes = examine(
                document_type=found["document_type"],
                document_number=found["document_number"],
                birth_date=found.get("birth_date"),
                sex=found.get("sex"),
                guardian_consent=bool(found.get("guardian_consent")),
                today=timezone.localdate(self.now),
            )
            for field, message in mistakes:
                if field not in self.errors:
                    self.add_error(field, str(message))
        return found
