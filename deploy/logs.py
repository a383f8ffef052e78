"""How lines of the log look: plain for people, JSON for machines, each with the number of the request it is about."""

import logging
import os
import re
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from accounts import request_ids

_DJANGO = {"manage.py", "django-admin", "__main__.py"}
_COMMAND = re.compile("[a-z_]{3,40}").fullmatch


def process_name(arguments: Sequence[str]) -> str:
    """What kind of process was started so: web, jobs, or the command that it carries out."""
    program, command = [*arguments, "", ""][:2]
    if "gunicorn" in program:
        return "web"
    # Only what Django takes for a command: anything else on a command line may be somebody's number.
    if Path(program).name in _DJANGO and _COMMAND(command):
        return "jobs" if command == "qcluster" else command
    return "python"


class Plain(logging.Formatter):
    """`time level logger message`, and the request's number where there is one."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """As the format says."""
        line = super().formatMessage(record)
        number = request_ids.current()
        return f"{line} [{number}]" if number else line


class Json(JsonFormatter):
    """One JSON object a line."""

    def __init__(self) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """When, in UTC; from which process; about which request."""
        log_data["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        super().add_fields(log_data, record, message_dict)
        log_data["process"] = process_name(sys.argv)
        log_data["pid"] = os.getpid()
        if number := request_ids.current():
            log_data["request_id"] = number


class Sparing(logging.Filter):
    """Of the answers "busy" one line a second, without the way there: in a crowd there are thousands a second.

    They are counted (`vaccine_requests`), and writing them all down would cost more than answering them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told_at = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this one is written."""
        if getattr(record, "status_code", None) != 503:
            return True
        now = time.monotonic()
        if now - self._told_at < 1:
            return False
        self._told_at = now
        record.exc_info = record.exc_text = None
        return True


FORMS: dict[str, type[logging.Formatter]] = {"plain": Plain, "json": Json}


def logging_config(form: str) -> dict[str, Any]:
    """Django's LOGGING: everything to one stream, in this form, without anything that tells who somebody is."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": FORMS[form]}},
        "filters": {"sparing": {"()": Sparing}},
        "handlers": {"console": {"class": "deploy.scrub.ScrubbedStream", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django-q": {"level": "WARNING"},
            # A refusal is an answer, not a fault; in a surge there are thousands a second.
            "django.request": {"level": "ERROR", "filters": ["sparing"]},
        },
    }
