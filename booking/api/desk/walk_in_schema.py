"""Fields in and out of the calls for people without an appointment."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import DocumentType, Sex
from booking.api.desk.one_act import DoneIn
from booking.api.desk.serializers import RowOut
from booking.api.serializers import STATUSES

FROM = ("unbooked", "kept", "late", "leftover")


class _PersonIn(serializers.Serializer):
    document_type = serializers.ChoiceField(choices=DocumentType.values)
    document_number = serializers.CharField(max_length=40)
    birth_date = serializers.DateField(required=False, allow_null=True, help_text="If the document does not tell it.")
    sex = serializers.ChoiceField(choices=Sex.values, required=False, allow_null=True)


class OptionsIn(_PersonIn):
    site = serializers.CharField(max_length=20)


class WalkInIn(_PersonIn, DoneIn):
    programme = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=80)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    slot = serializers.IntegerField(required=False, allow_null=True, help_text="Without it the soonest.")

    def validate_offline(self, value: bool) -> bool:
        if value:
            raise serializers.ValidationError(_("现场取号要有网络。"))
        return value


class PlaceOut(serializers.Serializer):
    """A place of today: whoever gets it is to be there at `return_at`."""

    slot = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    return_at = serializers.DateTimeField()


class PlacesOut(PlaceOut):
    programme = serializers.CharField()
    origin = serializers.ChoiceField(choices=FROM)
    count = serializers.IntegerField()


class NearOut(serializers.Serializer):
    """A slot with places, here or elsewhere, that can be booked on line."""

    site = serializers.CharField()
    site_name = serializers.CharField()
    site_name_en = serializers.CharField(allow_blank=True)
    starts_at = serializers.DateTimeField()
    places_left = serializers.IntegerField()


class OptionOut(serializers.Serializer):
    """A programme of the day. `code` says why there is no dose or no place, `detail` says it in words."""

    programme = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    dose = serializers.IntegerField(allow_null=True)
    doses = serializers.IntegerField()
    place = PlaceOut(allow_null=True)
    code = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(allow_blank=True)
    facts = serializers.DictField()
    near = NearOut(many=True)


class OptionsOut(serializers.Serializer):
    age = serializers.IntegerField()
    sex = serializers.ChoiceField(choices=Sex.values)
    tail = serializers.CharField()
    options = OptionOut(many=True)


class TicketOut(serializers.Serializer):
    """A same-day ticket that was given. `code` holds the 23 digits for its slip."""

    reference = serializers.RegexField(r"^[0-9]{12}$")
    name = serializers.CharField()
    tail = serializers.CharField()
    programme = serializers.CharField()
    starts_at = serializers.DateTimeField()
    return_at = serializers.DateTimeField()
    given_at = serializers.DateTimeField()
    origin = serializers.ChoiceField(choices=FROM)
    status = serializers.ChoiceField(choices=STATUSES)
    code = serializers.RegexField(r"^[0-9]{23}$")


class PrintedTicketOut(TicketOut):
    picture = serializers.CharField(help_text="The code as SVG.")


class WalkInOut(serializers.Serializer):
    ticket = PrintedTicketOut()
    row = RowOut(allow_null=True)
    repeated = serializers.BooleanField()


class WalkInsOut(serializers.Serializer):
    places = PlacesOut(many=True)
    tickets = TicketOut(many=True)
