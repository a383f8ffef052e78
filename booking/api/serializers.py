"""Fields in and out of the appointment calls; no create(), no update()."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from booking.operations.plan_together import MOST_DOSES, MOST_PEOPLE
from booking.operations.releases.brought import MOST_PLACE, Brought

RELOCATION_STATES = ("pending", "accepted", "chose_another", "declined", "no_place", "taken_back")
STATUSES = ("booked", "checked_in", "fulfilled", "cancelled", "no_show")


class BookedPatientOut(serializers.Serializer):
    id = serializers.UUIDField()
    name_masked = serializers.CharField()


class SlotOut(serializers.Serializer):
    id = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class SiteOut(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    district = serializers.CharField()
    address = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()


class RelocatedFromOut(serializers.Serializer):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    site = serializers.CharField()
    site_name = serializers.CharField()


class RelocationOut(serializers.Serializer):
    """The appointment was moved or cancelled by the city. `distance` in metres from the old site to the new one."""

    state = serializers.ChoiceField(choices=RELOCATION_STATES)
    reason = serializers.CharField(allow_blank=True)
    distance = serializers.IntegerField(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        # No attribute can be named `from`.
        return {**super().get_fields(), "from": RelocatedFromOut()}


class RelocationIn(serializers.Serializer):
    answer = serializers.ChoiceField(choices=("accept", "decline"))


class AppointmentOut(serializers.Serializer):
    reference = serializers.RegexField(r"^[0-9]{12}$")
    status = serializers.ChoiceField(choices=STATUSES)
    patient = BookedPatientOut()
    programme = serializers.CharField()
    programme_name = serializers.CharField()
    dose = serializers.IntegerField()
    slot = SlotOut()
    site = SiteOut()
    booked_at = serializers.DateTimeField()
    qr_payload = serializers.RegexField(r"^[0-9]{23}$")
    changes_left = serializers.IntegerField()
    relocation = RelocationOut(allow_null=True)
    restorable_until = serializers.DateTimeField(required=False)


class AppointmentList(serializers.Serializer):
    results = AppointmentOut(many=True)
    next = serializers.URLField(allow_null=True)


class BroughtIn(serializers.Serializer):
    """Where the release has a queue, the place that joining it gave."""

    queue_place = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=MOST_PLACE)


class AppointmentIn(BroughtIn):
    slot = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    patient = serializers.UUIDField()
    hold = serializers.CharField(required=False, allow_null=True, min_length=1, max_length=300)


class WishIn(serializers.Serializer):
    slot = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    patient = serializers.UUIDField()


class HoldsTogetherIn(serializers.Serializer):
    """One to four people, each with one wish, or two for two doses: the earlier slot is for the first."""

    wishes = serializers.ListField(child=WishIn(), min_length=1, max_length=MOST_PEOPLE * MOST_DOSES)
    # By patient.
    queue_places = serializers.DictField(
        child=serializers.CharField(max_length=MOST_PLACE), required=False, allow_null=True
    )

    def validate_queue_places(self, places: dict[str, str] | None) -> dict[str, str]:
        try:
            return {str(UUID(patient)): place for patient, place in (places or {}).items()}
        except ValueError:
            raise serializers.ValidationError(_("请给出接种人的编号（UUID）。")) from None

    def validate_wishes(self, wishes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        people = [wish["patient"] for wish in wishes]
        if len(set(people)) > MOST_PEOPLE:
            raise serializers.ValidationError(_("一次最多为 4 个人预约。"))
        if any(people.count(one) > MOST_DOSES for one in people):
            raise serializers.ValidationError(_("一次最多为一个人约 2 剂。"))
        return wishes


class AppointmentsTogetherIn(HoldsTogetherIn):
    holds = serializers.ListField(
        child=serializers.CharField(min_length=1, max_length=300),
        required=False,
        allow_null=True,
        max_length=MOST_PEOPLE * MOST_DOSES,
    )


class AppointmentsTogetherOut(serializers.Serializer):
    results = AppointmentOut(many=True)


class HoldIn(BroughtIn):
    slot = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    patient = serializers.UUIDField()


class HoldOut(serializers.Serializer):
    id = serializers.CharField()
    slot = serializers.IntegerField()
    expires_at = serializers.DateTimeField()


class HoldsTogetherOut(serializers.Serializer):
    results = HoldOut(many=True)


class MoveIn(BroughtIn):
    slot = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


def brought_of(asked: Mapping[str, Any], patient_id: UUID | None = None) -> Brought:
    """What a call brings along; of one that is about one patient, for them."""
    places = {UUID(patient): place for patient, place in (asked.get("queue_places") or {}).items()}
    if patient_id is not None and asked.get("queue_place"):
        places[patient_id] = asked["queue_place"]
    return Brought(places)


class StateIn(serializers.Serializer):
    state = serializers.ChoiceField(choices=STATUSES, required=False)
