"""What a device sends in one go: what was done at it, and how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.operations.desk.act import Act
from booking.operations.desk.answer import CONFLICT, DONE, Answer
from booking.operations.desk.carry_out_batch import carry_out_batch
from booking.operations.desk.report_device import LastKnown, Report, report_device
from sites.models import Site


@dataclass(frozen=True, slots=True)
class Received:
    """An answer for each act, in the order they were sent, and how the device stood when it last reported."""

    answers: list[Answer]
    known: LastKnown | None


def receive(
    acts: Sequence[Act], report: Report, *, site: Site, sent_by: int, roles: frozenset[str] | None = None, now: datetime
) -> Received:
    """Carry the acts out and write down how their device stands. `sent_by` has a post at the site."""
    answers = carry_out_batch(acts, site=site, sent_by=sent_by, roles=roles, now=now)
    here = (act.sequence for act, answer in zip(acts, answers, strict=True) if answer.outcome in (DONE, CONFLICT))
    known = report_device(report, site=site, user_id=sent_by, arrived=max(here, default=0), now=now)
    return Received(answers, known)
