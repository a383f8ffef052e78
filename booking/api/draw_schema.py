"""Fields in and out of the calls about draws."""

from rest_framework import serializers

from booking.api.serializers import BookedPatientOut
from booking.queries.draw_fates import FATES
from booking.queries.draws import ANNOUNCED, CALLED_OFF, CLOSED, DRAWING, DRAWN, OPEN
from booking.rules.draw import MOST_SITES

_MOST_DAYS = 100


class DrawOut(serializers.Serializer):
    """A draw. About how many have entered is told in bands, `places` while they may still change: both null later.

    Digests are SHA-256 in hexadecimal digits, empty until there is something that they are of; the seed until it drew.
    """

    id = serializers.UUIDField()
    programme = serializers.CharField()
    programme_name = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=(ANNOUNCED, OPEN, CLOSED, DRAWING, DRAWN, CALLED_OFF))
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    places = serializers.IntegerField(allow_null=True)
    entered_at_least = serializers.IntegerField(allow_null=True)
    entered_below = serializers.IntegerField(allow_null=True)
    public_source = serializers.CharField()
    commitment = serializers.CharField()
    entries_digest = serializers.CharField(allow_blank=True)
    public_value = serializers.CharField(allow_blank=True)
    seed = serializers.CharField(allow_blank=True)
    digest = serializers.CharField(allow_blank=True)
    drawn_at = serializers.DateTimeField(allow_null=True)
    next = serializers.UUIDField(allow_null=True)


class DrawList(serializers.Serializer):
    results = DrawOut(many=True)
    next = serializers.URLField(allow_null=True)


class WishIn(serializers.Serializer):
    """Codes of sites, the most wanted first; no days: any day; `any_site`: any other would do if those are full."""

    sites = serializers.ListField(
        child=serializers.CharField(max_length=20), required=False, max_length=MOST_SITES, help_text="At most five."
    )
    days = serializers.ListField(child=serializers.DateField(), required=False, max_length=_MOST_DAYS)
    any_site = serializers.BooleanField(required=False)


class DrawEntryIn(WishIn):
    patient = serializers.UUIDField()


class DrawEntryOut(serializers.Serializer):
    """An entry. With `code` its line in the published file is found; `id` is for addresses, which are no secret."""

    id = serializers.UUIDField()
    code = serializers.RegexField(r"^[0-9A-Z]{16}$")
    draw = serializers.UUIDField()
    programme = serializers.CharField()
    patient = BookedPatientOut()
    sites = serializers.ListField(child=serializers.CharField())
    days = serializers.ListField(child=serializers.DateField())
    any_site = serializers.BooleanField()
    rounds_lost = serializers.IntegerField()
    entered_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=FATES)
    rank = serializers.IntegerField(allow_null=True)
    appointment = serializers.RegexField(r"^[0-9]{12}$", allow_null=True)


class DrawEntryList(serializers.Serializer):
    results = DrawEntryOut(many=True)
    next = serializers.URLField(allow_null=True)
