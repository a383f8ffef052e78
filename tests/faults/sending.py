"""What sends the messages of an installation during a fault: `python -m tests.faults.sending phones | work SPEED`.

`phones` gives every citizen a phone. `work` does what the job worker does each second, until it is stopped; its clock
runs SPEED times as fast, so that the ten minutes before an alert need not be waited for.
"""

import sys
import time
from datetime import timedelta

import django

django.setup()

from django.utils import timezone

from accounts.models import User
from booking.operations.send_messages import send_messages


def phones() -> None:
    users = list(User.objects.filter(phone_index=None))
    for number, user in enumerate(users):
        user.phone = f"+86138{number:08}"
    User.objects.bulk_update(users, ["phone"], batch_size=1000)
    sys.stdout.write(str(len(users)))


def work(speed: int) -> None:
    began, now = time.monotonic(), timezone.now()
    while True:
        send_messages(now=now + timedelta(seconds=(time.monotonic() - began) * speed))
        time.sleep(0.5)


if __name__ == "__main__":
    phones() if sys.argv[1] == "phones" else work(int(sys.argv[2]))
