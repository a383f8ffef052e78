"""deploy.settings with two more addresses: the ceiling and the baseline."""

from deploy.settings import *

ROOT_URLCONF = "tests.bench.urls"
# The bench is one person a booking, but repeats refusals with few.
BOOKING_TRIES_PER_MINUTE = 10**9
# No file is fetched here: names need no hash, and collecting and compressing them would take longer than a run.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
