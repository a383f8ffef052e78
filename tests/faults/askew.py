"""The application on a machine whose clock is wrong by CLOCK_OFFSET seconds: what a web process of a fault serves."""

import os
from datetime import UTC, datetime, timedelta

import time_machine

# Everything that asks the machine for the time, from before Django is loaded; what measures durations is not touched.
time_machine.travel(datetime.now(UTC) + timedelta(seconds=int(os.environ["CLOCK_OFFSET"])), tick=True).start()

from deploy.wsgi import application  # noqa: F401
