"""An alert while messages do not get through. It begins after ten minutes and ends by itself."""

from datetime import datetime, timedelta

from django.db.models import Max, Min, Q

from booking.models import Message, MessageCount
from booking.operations.alerts.keep import keep_alerts
from booking.rules.alerts import MESSAGES_NOT_SENT, Found

_AFTER = timedelta(minutes=10)
# A single number that its provider will never take is no failure of the gateway.
_FEW = 10


def watch(*, now: datetime) -> None:
    """Raise the alert, or end it. Safe to run twice and side by side."""
    waiting = Message.objects.filter(sent_at=None, dropped_at=None, failing_since__lte=now - _AFTER)
    pks = list(waiting.values_list("pk", flat=True)[:_FEW])
    found: list[Found] = []
    if pks and (len(pks) == _FEW or not _anything_went(now)):
        since = waiting.aggregate(since=Min("failing_since"))["since"]
        facts = {"since": since.isoformat(), "waiting": waiting.count()}
        found = [Found(MESSAGES_NOT_SENT, facts["waiting"], facts=facts)]
    keep_alerts(found, kinds=[MESSAGES_NOT_SENT], now=now)


def _anything_went(now: datetime) -> bool:
    day = Q(day__gte=(now - timedelta(days=1)).date())
    last = MessageCount.objects.filter(day, last_at__isnull=False).aggregate(at=Max("last_at"))["at"]
    return last is not None and last > now - _AFTER
