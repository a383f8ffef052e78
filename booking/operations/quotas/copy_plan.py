"""An administrator makes a plan of their own out of another one."""

from django.db import transaction

from booking.models import QuotaPlan

_LONGEST = 40


def copy_plan(*, plan_id: int, district_id: str | None, name: str) -> QuotaPlan:
    """A plan with the same sessions, for another district (None: the city's), switched off until somebody has looked.

    Raises QuotaPlan.DoesNotExist.
    """
    with transaction.atomic():
        plan = QuotaPlan.objects.select_for_update(of=("self",)).get(pk=plan_id)
        sessions = list(plan.sessions.all())
        plan.code, plan.name = _free_code(plan.code), name[: QuotaPlan._meta.get_field("name").max_length]
        plan.district_id, plan.is_active = district_id, False
        plan.pk, plan._state.adding = None, True
        plan.save()
        for session in sessions:
            session.pk, session._state.adding, session.plan = None, True, plan
            session.save()
    return plan


def _free_code(code: str) -> str:
    start = code[: _LONGEST - 4]
    taken = set(QuotaPlan.objects.filter(code__startswith=start).values_list("code", flat=True))
    return next(name for n in range(2, 1000) if (name := f"{start}-{n}") not in taken)
