"""tests.faults.dying_settings for runs that come one after the other: nothing waits for half a minute."""

from tests.faults.dying_settings import *

# Leases are made older by the run itself, so they may be long: what ends too soon would be a fault of the test.
GATE = {**GATE, "retry_after": 0.1}
FREED_PLACE_DELAY_MINUTES = 0
