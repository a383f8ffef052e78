"""Fields in and out of the account calls; no create(), no update()."""

from typing import Any

from rest_framework import serializers

from accounts.masking import masked_number, masked_phone
from accounts.models import DocumentType, Patient, Relation, Sex
from accounts.phones import BadPhone, normal, normal_for_codes


class PhoneField(serializers.CharField):
    """A phone number, E.164 after validation."""

    read = staticmethod(normal)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        try:
            return self.read(super().to_internal_value(data))
        except BadPhone as bad:
            raise serializers.ValidationError(bad.message) from None


class CodePhoneField(PhoneField):
    """A phone number that codes are sent to."""

    read = staticmethod(normal_for_codes)


class DeviceField(serializers.RegexField):
    """What tells one app from another."""

    def __init__(self) -> None:
        super().__init__(
            r"^[!-~]{16,64}$",
            required=False,
            help_text="A random text that the app makes once and keeps: 16 to 64 visible ASCII characters.",
        )


class PhoneIn(serializers.Serializer):
    phone = CodePhoneField()
    device = DeviceField()


class CodeOut(serializers.Serializer):
    """`demonstration_code` is there in a demonstration only."""

    demonstration_code = serializers.CharField(required=False)


class CodeIn(serializers.Serializer):
    phone = CodePhoneField()
    code = serializers.CharField(min_length=1, max_length=12)
    device = DeviceField()


class TicketIn(serializers.Serializer):
    ticket = serializers.CharField(max_length=2000)
    device = DeviceField()


class TokenOut(serializers.Serializer):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class PatientChange(serializers.Serializer):
    name = serializers.CharField(max_length=80, required=False)
    relation = serializers.ChoiceField(choices=Relation.choices, required=False)
    phone = PhoneField(required=False, allow_null=True)
    district_code = serializers.RegexField(r"^([0-9]{6})?$", required=False, allow_blank=True)


class PatientIn(serializers.Serializer):
    name = serializers.CharField(max_length=80)
    document_type = serializers.ChoiceField(choices=DocumentType.choices)
    document_number = serializers.CharField(max_length=40)
    birth_date = serializers.DateField(required=False, allow_null=True)
    sex = serializers.ChoiceField(choices=Sex.choices, required=False, allow_null=True)
    relation = serializers.ChoiceField(choices=Relation.choices)
    phone = PhoneField(required=False, allow_null=True)
    district_code = serializers.RegexField(r"^([0-9]{6})?$", required=False, allow_blank=True, default="")


class PatientOut(serializers.Serializer):
    """A patient as its own account sees it; the document's number and the phone are masked."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    document_type = serializers.ChoiceField(choices=DocumentType.choices)
    document_number = serializers.CharField()
    birth_date = serializers.DateField()
    sex = serializers.ChoiceField(choices=Sex.choices)
    relation = serializers.ChoiceField(choices=Relation.choices)
    phone = serializers.CharField(allow_null=True)
    district_code = serializers.CharField(allow_blank=True)


class PatientList(serializers.Serializer):
    results = PatientOut(many=True)
    next = serializers.URLField(allow_null=True)


def shown(patient: Patient) -> dict[str, Any]:
    """The patient for PatientOut."""
    return {
        "id": str(patient.pk),
        "name": patient.name,
        "document_type": patient.document_type,
        "document_number": masked_number(str(patient.document_number)),
        "birth_date": patient.birth_date.isoformat(),
        "sex": patient.sex,
        "relation": patient.relation,
        "phone": masked_phone(str(patient.phone)) if patient.phone else None,
        "district_code": patient.district_code,
    }
