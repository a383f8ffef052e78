"""Cut the quotas of some slots to what is taken and raise them again, while people book: a script of the faults.

Run inside an installation: `python -m tests.faults.quotas TIMES QUOTA SLOT…`. Prints what happened, as JSON.
"""

import json
import sys
import time

import django

django.setup()

from django.utils import timezone

from booking.models import Appointment
from booking.operations.quotas.set_quota import set_quota
from booking.operations.refusals import QuotaBelowTaken
from booking.queries.taken import taken_in


def main(times: int, quota: int, slots: list[int]) -> dict[str, int]:
    """How often a quota was cut, how often somebody was quicker and the cut was refused, and what was over it.

    `over` is looked at while the quota is low: once it is raised again nothing would show.
    """
    cuts = refused = over = 0
    for number in range(times):
        slot = slots[number % len(slots)]
        low = None
        while low is None:
            wanted = taken_in([slot]).get(slot, 0)
            try:
                low = set_quota(slot_id=slot, quota=wanted, by=None, now=timezone.now()).quota
            except QuotaBelowTaken:
                refused += 1
        cuts += 1
        time.sleep(0.05)
        over += max(taken_in([slot]).get(slot, 0) - low, 0)
        over += Appointment.objects.filter(slot_id=slot, place__gt=low).count()
        set_quota(slot_id=slot, quota=quota, by=None, now=timezone.now())
    return {"cuts": cuts, "refused": refused, "over": over}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]), [int(slot) for slot in sys.argv[3:]])))
