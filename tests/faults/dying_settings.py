"""tests.bench.settings for processes that die where they are told to: see tests.faults.dying."""

from tests.bench.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.dying.Dying"]
