"""Fields in and out of the desk's calls; no create(), no update()."""

import datetime

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from booking.api.serializers import STATUSES
from sites.models import DeskRole

VISIT_STATUSES = ("arrived", "triaged", "in_progress", "finished", "cancelled")
ORIGINS = ("self", "family", "walk_in", "community")


class SessionIn(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class MeOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class PostOut(serializers.Serializer):
    site = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=DeskRole.values))


class SessionOut(serializers.Serializer):
    me = MeOut()
    posts = PostOut(many=True)
    expires_at = serializers.DateTimeField()


class SiteIn(serializers.Serializer):
    site = serializers.CharField(max_length=20)


class DayIn(SiteIn):
    date = serializers.DateField(required=False, help_text="The city's; without it today.")

    def validate_date(self, value: datetime.date) -> datetime.date:
        # The first and the last days that there are have no day before or after them to end at.
        if not 2000 <= value.year < 2200:
            raise serializers.ValidationError(_("请检查日期。"))
        return value


class DayListIn(DayIn):
    since = serializers.CharField(max_length=40, required=False, allow_blank=True, help_text="An earlier `cursor`.")


class GivenDoseOut(serializers.Serializer):
    batch = serializers.CharField()
    body_site = serializers.CharField(allow_blank=True)
    route = serializers.CharField(allow_blank=True)
    given_at = serializers.DateTimeField()
    given_by = serializers.IntegerField()
    given_by_name = serializers.CharField()


class ReactionOut(serializers.Serializer):
    kind = serializers.CharField()
    action = serializers.CharField()
    began_at = serializers.DateTimeField()


class VisitOut(serializers.Serializer):
    status = serializers.ChoiceField(choices=VISIT_STATUSES)
    ticket = serializers.IntegerField()
    arrived_at = serializers.DateTimeField()
    desk = serializers.CharField(allow_blank=True)
    called_at = serializers.DateTimeField(allow_null=True)
    called_desk = serializers.CharField(allow_blank=True)
    decision = serializers.ChoiceField(choices=("may", "defer", "refuse"), allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    dose = GivenDoseOut(allow_null=True)
    not_done = serializers.BooleanField()
    observe_until = serializers.DateTimeField(allow_null=True)
    left_at = serializers.DateTimeField(allow_null=True)
    left_early = serializers.CharField(allow_blank=True)
    reactions = ReactionOut(many=True)


class LastDoseOut(serializers.Serializer):
    on = serializers.DateField()
    dose = serializers.IntegerField()


class RowOut(serializers.Serializer):
    """A person on the day-list.

    `doses_received`: how many of the doses before this one they have had; `not_before`: from when it may be given.
    """

    reference = serializers.RegexField(r"^[0-9]{12}$")
    code_hash = serializers.RegexField(r"^[0-9a-f]{16}$", help_text="Of SHA-256 of the QR code's 23 digits.")
    version = serializers.IntegerField()
    name = serializers.CharField()
    sex = serializers.CharField()
    age = serializers.IntegerField()
    tail = serializers.CharField(help_text="The document number's last four characters.")
    programme = serializers.CharField()
    programme_name = serializers.CharField()
    programme_name_en = serializers.CharField(allow_blank=True)
    vaccine = serializers.CharField()
    doses = serializers.IntegerField()
    dose = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    status = serializers.ChoiceField(choices=STATUSES)
    origin = serializers.ChoiceField(choices=ORIGINS)
    last_dose = LastDoseOut(allow_null=True)
    doses_received = serializers.IntegerField()
    not_before = serializers.DateField(allow_null=True)
    flags = serializers.ListField(child=serializers.CharField())
    visit = VisitOut(allow_null=True)


class BatchOut(serializers.Serializer):
    number = serializers.CharField()
    vaccine = serializers.CharField()
    expires_on = serializers.DateField()
    doses_per_vial = serializers.IntegerField()
    left = serializers.IntegerField()
    pack_code = serializers.CharField(allow_blank=True)


class DeskProgrammeOut(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    vaccine = serializers.CharField()
    vaccine_name = serializers.CharField()
    vaccine_name_en = serializers.CharField(allow_blank=True)
    doses = serializers.IntegerField()
    intervals = serializers.ListField(child=serializers.IntegerField())
    min_age = serializers.IntegerField()
    max_age = serializers.IntegerField()
    sex = serializers.CharField(allow_blank=True)


class DeskSettingsOut(serializers.Serializer):
    check_in_minutes = serializers.IntegerField()
    late_minutes = serializers.IntegerField()
    late_places_to_walk_ins = serializers.BooleanField()
    no_show_minutes = serializers.IntegerField()
    observation_minutes = serializers.IntegerField()
    undo_seconds = serializers.IntegerField()
    leftover_answer_minutes = serializers.IntegerField()
    demonstration = serializers.BooleanField()


class CountersOut(serializers.Serializer):
    arrived = serializers.IntegerField()
    due = serializers.IntegerField()
    waiting = serializers.IntegerField()
    observed = serializers.IntegerField()
    leftover = serializers.IntegerField()


class DeskSiteOut(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)


class DayListOut(serializers.Serializer):
    site = DeskSiteOut()
    date = serializers.DateField()
    now = serializers.DateTimeField()
    cursor = serializers.CharField()
    whole = serializers.BooleanField()
    rows = RowOut(many=True)
    count = serializers.IntegerField()
    sum = serializers.IntegerField()
    batches = BatchOut(many=True)
    programmes = DeskProgrammeOut(many=True)
    settings = DeskSettingsOut()
    counters = CountersOut()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=DeskRole.values))
    me = MeOut()
