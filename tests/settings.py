"""deploy.settings with what tests need otherwise: a fast hasher, plain static files.

The values set here are for tools that only read the settings (mypy, makemigrations --check); a test run has
replaced them with real servers and fresh keys before this module is imported.
"""

import os

for _name, _value in {
    "SECRET_KEY": "for tools that only read the settings",
    "FIELD_KEYS": "k1:" + "A" * 43 + "=",
    "BLIND_INDEX_KEY": "b1:" + "A" * 43 + "=",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}.items():
    os.environ.setdefault(_name, _value)

from deploy.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DEMONSTRATION = True
# Places that nobody waits for go back at once; tests of the waitlist set their own delay.
FREED_PLACE_DELAY_MINUTES = 0
SECURE = False
# Race tests bring more threads than a worker process has.
DATABASES["default"]["OPTIONS"]["pool"]["max_size"] = 40  # type: ignore[index]
# Making the database and emptying it takes a busy machine longer than any statement may take in the city.
DATABASES["default"]["OPTIONS"]["options"] += " -c statement_timeout=60000"  # type: ignore[index]
