"""What a job notices is written down with its numbers, once, for a person to look at."""

from datetime import datetime, timedelta

from booking.models import Suspicion, SuspicionState
from booking.queries.touts import noticed
from booking.rules.bulk import Noticed, is_news

# Somebody has said that there is nothing in it: so long the same numbers are not brought up again.
_LEFT_ALONE = timedelta(days=90)


def notice_bulk_accounts(*, now: datetime) -> int:
    """Write down every account with a sign that nobody is looking at already; returns how many. Safe to run twice."""
    found = noticed(now=now)
    judged = _judged([one.account_id for one in found], now=now)
    fresh = [one for one in found if is_news(one.numbers, judged.get((one.account_id, one.sign), {}))]
    made = Suspicion.objects.bulk_create(
        [
            Suspicion(account_id=one.account_id, sign=one.sign, evidence=one.numbers, raised_at=now)
            for one in _not_open(fresh)
        ],
        # one_open_suspicion_per_sign: another run of this job was quicker.
        ignore_conflicts=True,
    )
    return len(made)


def _not_open(found: list[Noticed]) -> list[Noticed]:
    rows = Suspicion.objects.filter(
        account_id__in=[one.account_id for one in found], state__in=[SuspicionState.OPEN, SuspicionState.LOCKED]
    )
    open_ones = set(rows.values_list("account_id", "sign"))
    return [one for one in found if (one.account_id, one.sign) not in open_ones]


def _judged(accounts: list[int], *, now: datetime) -> dict[tuple[int, str], dict[str, int]]:
    rows = Suspicion.objects.filter(
        account_id__in=accounts,
        state__in=[SuspicionState.DISMISSED, SuspicionState.RESTORED],
        raised_at__gte=now - _LEFT_ALONE,
    )
    return {(account, sign): numbers for account, sign, numbers in rows.values_list("account_id", "sign", "evidence")}
