"""Fields in and out of the calls about stock. Doses are whole numbers."""

from rest_framework import serializers

from booking.api.desk.serializers import SiteIn
from booking.operations.stock.move_stock import MOST_DOSES


class BatchDayOut(serializers.Serializer):
    """Doses. `left` is what must be in the fridge now."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    vaccine = serializers.CharField()
    vaccine_name = serializers.CharField()
    expires_on = serializers.DateField()
    expired = serializers.BooleanField()
    finished = serializers.BooleanField()
    pack_code = serializers.CharField(allow_blank=True)
    opening = serializers.IntegerField()
    received = serializers.IntegerField()
    used = serializers.IntegerField()
    wasted = serializers.IntegerField()
    returned = serializers.IntegerField()
    corrected = serializers.IntegerField()
    left = serializers.IntegerField()


class VaccineOut(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class ClosedOut(serializers.Serializer):
    """`moved_since`: how often doses came or went after the day was closed."""

    at = serializers.DateTimeField()
    by = serializers.CharField()
    explanation = serializers.CharField(allow_blank=True)
    moved_since = serializers.IntegerField()


class StockOut(serializers.Serializer):
    date = serializers.DateField()
    batches = BatchDayOut(many=True)
    vaccines = VaccineOut(many=True)
    present = serializers.IntegerField(help_text="People who have not left.")
    conflicts = serializers.IntegerField(help_text="Acts that nobody has looked at.")
    pending = serializers.IntegerField(help_text="Acts that devices said they still have to send.")
    closed = ClosedOut(allow_null=True)


class ReceiveIn(SiteIn):
    key = serializers.CharField(min_length=8, max_length=60)
    vaccine = serializers.SlugField(max_length=40)
    number = serializers.CharField(max_length=40)
    expires_on = serializers.DateField()
    doses = serializers.IntegerField(min_value=1, max_value=MOST_DOSES)
    doses_per_vial = serializers.IntegerField(min_value=1, max_value=1000, default=1)
    pack_code = serializers.CharField(max_length=64, allow_blank=True, default="")


class TakeOutIn(SiteIn):
    key = serializers.CharField(min_length=8, max_length=60)
    batch = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    kind = serializers.ChoiceField(choices=("wasted", "returned"))
    doses = serializers.IntegerField(min_value=1, max_value=MOST_DOSES)
    reason = serializers.CharField(max_length=120)


class FinishIn(SiteIn):
    batch = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    finished = serializers.BooleanField()


class CountedIn(serializers.Serializer):
    batch = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    doses = serializers.IntegerField(min_value=0, max_value=10 * MOST_DOSES)


class CloseIn(SiteIn):
    counted = CountedIn(many=True)
    explanation = serializers.CharField(max_length=300, allow_blank=True, default="")


class ReopenIn(SiteIn):
    reason = serializers.CharField(max_length=200)
