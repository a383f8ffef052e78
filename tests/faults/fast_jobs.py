"""tests.bench.settings with jobs that are handed out again, and undo windows that end, within seconds."""

from tests.bench.settings import *
from tests.bench.settings import Q_CLUSTER

Q_CLUSTER = {**Q_CLUSTER, "timeout": 8, "retry": 10, "poll": 0.1}
UNDO_SECONDS = 4
FREED_PLACE_DELAY_MINUTES = 0
