"""Fields in and out of the public reads."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Sex
from booking.models import ReleaseMode
from booking.rules.availability import STATES


class PointField(serializers.CharField):
    """`LATITUDE,LONGITUDE` in degrees (WGS 84); a pair of floats after validation."""

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            latitude, longitude = (float(part) for part in text.split(","))
        except ValueError:
            raise serializers.ValidationError(_("请写成“纬度,经度”，例如 28.19,112.97。")) from None
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise serializers.ValidationError(_("纬度应在 -90 到 90 之间，经度应在 -180 到 180 之间。"))
        return latitude, longitude


class SitesIn(serializers.Serializer):
    district = serializers.CharField(required=False, allow_blank=True, max_length=6)
    programme = serializers.CharField(required=False, allow_blank=True, max_length=40)
    near = PointField(required=False, max_length=60)
    with_places = serializers.BooleanField(required=False, default=False)
    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=10_000)


class SlotsIn(serializers.Serializer):
    programme = serializers.CharField(required=False, allow_blank=True, max_length=40)
    to = serializers.DateField(required=False)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": serializers.DateField(required=False)}


class AvailabilityIn(SlotsIn):
    programme = serializers.CharField(max_length=40)
    district = serializers.CharField(required=False, allow_blank=True, max_length=6)


class DistrictOut(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    longitude = serializers.FloatField()
    latitude = serializers.FloatField()


class CohortOut(serializers.Serializer):
    """Whose document ends in one of `digits` (none: any) and who was born in these days (null: any; inclusive).

    They may book from `opens_at` to `closes_at` (null: for good). By both, both must fit.
    """

    name = serializers.CharField()
    digits = serializers.ListField(child=serializers.RegexField(r"^[0-9]$"))
    born_from = serializers.DateField(allow_null=True)
    born_until = serializers.DateField(allow_null=True)
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField(allow_null=True)


class DrawWindowOut(serializers.Serializer):
    """When people may enter."""

    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()


class ProgrammeOut(serializers.Serializer):
    """Ages in completed years, inclusive; intervals in days; no districts means the whole city.

    `cohorts` only where it is released by cohort, `draw` only by draw. `next_opening` is when the next slots, the next
    cohort or the next draw opens, if that is known.
    """

    code = serializers.CharField()
    name = serializers.CharField()
    vaccine = serializers.CharField()
    doses = serializers.IntegerField()
    intervals = serializers.ListField(child=serializers.IntegerField())
    min_age = serializers.IntegerField()
    max_age = serializers.IntegerField()
    sex = serializers.ChoiceField(choices=Sex.choices, allow_blank=True)
    districts = serializers.ListField(child=serializers.CharField())
    release_mode = serializers.ChoiceField(choices=ReleaseMode.choices)
    cohorts = CohortOut(many=True)
    draw = DrawWindowOut(allow_null=True)
    next_opening = serializers.DateTimeField(allow_null=True)


class SiteWithPlacesOut(serializers.Serializer):
    """`distance_m` only with `near`; `earliest` and `state` only with `programme`."""

    code = serializers.CharField()
    name = serializers.CharField()
    district = serializers.CharField()
    address = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    facilities = serializers.ListField(child=serializers.ChoiceField(choices=["step_free", "parking", "english"]))
    distance_m = serializers.IntegerField(allow_null=True)
    earliest = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(choices=STATES, allow_null=True)


class OpenSlotOut(serializers.Serializer):
    id = serializers.IntegerField()
    site = serializers.CharField()
    programme = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    opens_at = serializers.DateTimeField()
    quota = serializers.IntegerField()
    places_left = serializers.IntegerField()
    kept_for_later_doses = serializers.IntegerField(
        help_text="Beside the quota: second and later doses get them when it is full."
    )
    state = serializers.ChoiceField(choices=STATES)


class DayOut(serializers.Serializer):
    site = serializers.CharField()
    district = serializers.CharField()
    date = serializers.DateField()
    places_left = serializers.IntegerField()
    state = serializers.ChoiceField(choices=STATES)
    earliest = serializers.DateTimeField(allow_null=True)


class DistrictList(serializers.Serializer):
    results = DistrictOut(many=True)
    next = serializers.URLField(allow_null=True)


class ProgrammeList(serializers.Serializer):
    results = ProgrammeOut(many=True)
    next = serializers.URLField(allow_null=True)


class SiteList(serializers.Serializer):
    results = SiteWithPlacesOut(many=True)
    next = serializers.URLField(allow_null=True)


class SlotList(serializers.Serializer):
    results = OpenSlotOut(many=True)
    next = serializers.URLField(allow_null=True)


class AvailabilityList(serializers.Serializer):
    results = DayOut(many=True)
    next = serializers.URLField(allow_null=True)
