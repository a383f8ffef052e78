"""tests.bench.settings with short leases: what a dying ledger left at the gate comes back sooner."""

from tests.bench.settings import *

GATE = {**GATE, "lease": 10}
