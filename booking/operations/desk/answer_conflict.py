"""A supervisor has looked at an act in conflict."""

from datetime import datetime

from booking.models import ConflictAnswer, DeskAct, Outcome
from booking.operations.desk.refusals import NotYourPost
from booking.operations.refusals import NotFound
from booking.rules.conflicts import DECISIONS
from booking.rules.desk_roles import may
from sites.models import Site, StaffMember


def answer_conflict(
    *, site: Site, act_id: int, decision: str, note: str = "", by: int, now: datetime
) -> ConflictAnswer:
    """Write down what was decided; the first answer stands, whoever else answers. It changes nothing by itself.

    `decision` is one of rules.conflicts.DECISIONS. Raises NotYourPost, and NotFound for another site's.
    """
    if decision not in DECISIONS:
        raise ValueError("not a decision")
    posts = StaffMember.objects.filter(user_id=by, site=site, is_active=True).values_list("role", flat=True)
    if not may(frozenset(posts), "answer_conflict"):
        raise NotYourPost()
    act = DeskAct.objects.filter(pk=act_id, site=site, outcome=Outcome.CONFLICT).first()
    if act is None:
        raise NotFound(what="conflict")
    facts = {"decision": decision, "note": note, "by_id": by, "at": now}
    return ConflictAnswer.objects.get_or_create(act=act, defaults=facts)[0]
