"""deploy.settings with two more addresses: the ceiling and the baseline."""

from deploy.settings import *

ROOT_URLCONF = "tests.bench.urls"
# The bench is one person a booking, but repeats refusals with few.
BOOKING_TRIES_PER_MINUTE = 10**9
