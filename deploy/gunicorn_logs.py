"""gunicorn's own lines in the form of all others: gunicorn.conf.py names this class."""

import logging
from typing import Any

from gunicorn.glogging import Logger

from deploy import env
from deploy.logs import FORMS
from deploy.scrub import scrubbed


class _Scrubbed(logging.Formatter):
    def __init__(self, form: logging.Formatter) -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        return self._form.format(scrubbed(record))


class GunicornLogger(Logger):  # type: ignore[misc]
    """gunicorn's logger with our formatter on whatever it writes to."""

    def setup(self, cfg: Any) -> None:
        """As gunicorn's, then ours."""
        super().setup(cfg)
        form = _Scrubbed(FORMS[env.one_of("LOG_FORMAT", FORMS, "json")]())
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(form)
