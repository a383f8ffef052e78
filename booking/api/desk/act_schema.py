"""An act on the wire, in and out."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from booking.api.desk.serializers import RowOut
from booking.models import ActKind
from booking.operations.desk.act import Act

MOST_ACTS = 200
KINDS = [kind.lower() for kind in ActKind.values]
OUTCOMES = ("done", "conflict", "refused", "not_yet", "error")
# What a device cannot have kept so long, it says with a clock that is wrong.
_OLDEST = timedelta(days=90)
_LARGEST = 2**63 - 1
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


class ActIn(serializers.Serializer):
    key = serializers.UUIDField(help_text="The device's own key for this act: sent again, it has no second effect.")
    device = serializers.UUIDField()
    sequence = serializers.IntegerField(min_value=0, max_value=_LARGEST)
    after = serializers.UUIDField(
        allow_null=True, required=False, help_text="The key of the device's act before it about the same person."
    )
    kind = serializers.ChoiceField(choices=KINDS)
    reference = serializers.RegexField(r"^([0-9]{12})?\Z", allow_blank=True)
    happened_at = serializers.DateTimeField(help_text="By the server's clock as far as the device knows it.")
    offline = serializers.BooleanField(help_text="It has happened without an answer of ours: it is never refused.")
    desk = serializers.CharField(max_length=20)
    by = serializers.IntegerField(min_value=1, max_value=_LARGEST)

    def get_fields(self) -> dict[str, Any]:
        # No attribute can be named `data`: serializers have one.
        return {**super().get_fields(), "data": serializers.DictField(required=False)}

    def validate_happened_at(self, value: datetime) -> datetime:
        return not_too_old(value)

    def validate_data(self, value: dict[str, Any]) -> dict[str, Any]:
        # The ledger keeps no such text.
        if any(_UNWRITABLE.search(text) for text in _texts(value)):
            raise serializers.ValidationError(_("有不能用的字符。"))
        return value

    def act(self) -> Act:
        """The act that was sent, once it is valid."""
        sent = self.validated_data
        return Act(
            key=str(sent["key"]),
            device=sent["device"],
            sequence=sent["sequence"],
            after=str(sent["after"]) if sent.get("after") else None,
            kind=ActKind(sent["kind"].upper()),
            reference=sent["reference"],
            happened_at=sent["happened_at"],
            offline=sent["offline"],
            desk=sent["desk"],
            by=sent["by"],
            data=sent.get("data") or {},
        )


def not_too_old(happened_at: datetime) -> datetime:
    """The time that was sent. Raises ValidationError if no device can have kept it since then."""
    if happened_at < timezone.now() - _OLDEST:
        raise serializers.ValidationError(_("时间太早，请核对设备的时钟。"))
    return happened_at


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one


class _EnvelopeIn(serializers.Serializer):
    site = serializers.CharField(max_length=20)
    device = serializers.UUIDField()
    pending = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, help_text="How many acts the device still has to send."
    )
    clock = serializers.DateTimeField(required=False, help_text="What time it is on the device.")
    desk = serializers.CharField(max_length=20, required=False, allow_blank=True)


class ActsIn(_EnvelopeIn):
    """What is sent, as the schema describes it."""

    acts = ActIn(many=True, max_length=MOST_ACTS)  # type: ignore[call-arg]


class AnyActsIn(_EnvelopeIn):
    """The same with the acts as they come: each is looked at by itself, so that one bad act does not stop the rest."""

    acts = serializers.ListField(child=serializers.JSONField(), max_length=MOST_ACTS)


class ActOut(serializers.Serializer):
    key = serializers.CharField(allow_null=True, allow_blank=True)
    outcome = serializers.ChoiceField(
        choices=OUTCOMES, help_text="`not_yet` and `error`: nothing was written; send it again later."
    )
    repeated = serializers.BooleanField()
    code = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(allow_blank=True)
    facts = serializers.DictField()
    row = RowOut(allow_null=True)


class KnownDeviceOut(serializers.Serializer):
    seen_at = serializers.DateTimeField()
    pending = serializers.IntegerField()


class ActsOut(serializers.Serializer):
    """One answer for each act, in the order in which they were sent.

    `last_sequence` is the highest of the device's acts that had come before: a device that knows a lower one has lost
    what it kept. `known`: how it stood when it last reported; null for a new one.
    """

    results = ActOut(many=True)
    now = serializers.DateTimeField()
    last_sequence = serializers.IntegerField()
    known = KnownDeviceOut(allow_null=True)
