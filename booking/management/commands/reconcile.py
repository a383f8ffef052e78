from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from booking.admission import GateDown
from booking.operations.reconcile import reconcile


class Command(BaseCommand):
    help = "Make the gate agree with the ledger now, and say what changed."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = reconcile(now=timezone.now())
        except GateDown:
            raise CommandError("The gate does not answer. Bookings go on from the ledger; try again later.") from None
        print(f"{done.looked_at} slots at the gate, {len(done.repaired)} repaired.")
        for slot_id in done.repaired:
            print(f"  slot {slot_id}")
