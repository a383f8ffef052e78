"""Fields in and out of the calls about doses that were given elsewhere."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import DocumentType


class _SiteIn(serializers.Serializer):
    site = serializers.CharField(max_length=20)


class LookIn(_SiteIn):
    """Either one of the site's appointments, or a document with the reason for the search."""

    reference = serializers.RegexField(r"^[0-9]{12}$", required=False)
    document_type = serializers.ChoiceField(choices=DocumentType.values, required=False)
    document_number = serializers.CharField(min_length=4, max_length=40, required=False)
    reason = serializers.CharField(min_length=4, max_length=120, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        by_document = all(attrs.get(name) for name in ("document_type", "document_number", "reason"))
        if not attrs.get("reference") and not by_document:
            raise serializers.ValidationError({"reference": _("请写预约号，或证件和查找的原因。")})
        return attrs


class EnterIn(LookIn):
    programme = serializers.SlugField(max_length=40)
    vaccine = serializers.SlugField(
        max_length=40, required=False, allow_blank=True, default="", help_text="Without it the programme's own."
    )
    dose = serializers.IntegerField(min_value=1, max_value=20)
    given_on = serializers.DateField()
    where = serializers.CharField(max_length=120)
    batch = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    evidence = serializers.CharField(max_length=120, help_text="Which paper was seen.")


class TakeBackIn(_SiteIn):
    pass


class VoidIn(_SiteIn):
    reason = serializers.CharField(max_length=200)


class OutsideDoseOut(serializers.Serializer):
    id = serializers.UUIDField()
    programme = serializers.CharField()
    programme_name = serializers.CharField()
    programme_name_en = serializers.CharField(allow_blank=True)
    vaccine_name = serializers.CharField()
    vaccine_name_en = serializers.CharField(allow_blank=True)
    dose = serializers.IntegerField()
    given_on = serializers.DateField()
    where = serializers.CharField()
    batch = serializers.CharField(allow_blank=True)
    evidence = serializers.CharField()
    entered_at = serializers.DateTimeField()


class VaccineOut(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)


class SeriesOut(VaccineOut):
    """A programme with its doses; `vaccine` is what it gives, by code."""

    doses = serializers.IntegerField()
    vaccine = serializers.CharField()


class ProgrammesOut(serializers.Serializer):
    series = SeriesOut(many=True)
    vaccines = VaccineOut(many=True)


class OutsideDosesOut(serializers.Serializer):
    tail = serializers.CharField(help_text="The last four of the document.")
    doses = OutsideDoseOut(many=True)
    programmes = ProgrammesOut()


class EnteredOut(serializers.Serializer):
    dose = OutsideDoseOut()


class LaterOut(serializers.Serializer):
    dose = serializers.IntegerField()
    starts_at = serializers.DateTimeField()


class VoidedOut(serializers.Serializer):
    later_booked = LaterOut(many=True)
