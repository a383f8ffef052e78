"""Nothing that tells who somebody is, and no secret, in a log: what looks like one is masked in every record.

It masks too much rather than too little: a long number that is no phone goes too. Ids of rows and requests stay, as
they are short numbers, UUIDs or small hexadecimal letters.
"""

import copy
import logging
import re
import traceback
from typing import Any

MASK = "***"

# Full-width digits, plus signs and letters are the same number to whoever reads it.
_PLAIN = str.maketrans("０１２３４５６７８９＋－Ｘｘ＠", "0123456789+-Xx@")

_LOOKS_LIKE = re.compile(
    r"""
    # Stays: a UUID, and a request's or a trace's id in hexadecimal letters.
    (?P<stays>
        (?<![0-9A-Za-z])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9A-Za-z])
      | (?<![0-9A-Za-z])(?=[0-9]*[a-f])[0-9a-f]{16,64}(?![0-9A-Za-z])
    )
    # What an address signs in with: redis://:secret@host.
  | (?P<scheme>://)[^/\s@]*:[^/\s@]*(?=@)
    # What is called a secret.
  | (?P<label>
        (?i:(?<![a-z])(?:bearer|basic)\s+)
      | (?i:(?:sessionid|csrftoken|csrfmiddlewaretoken|password|passwd|token|secret|authorization)
            ["']?\s*[:=]\s*["']?(?:bearer\s+|basic\s+)?)
      | (?:密码|口令)["']?\s*[:=：]?\s*["']?
    )[^\s"',;&)\]}]+
    # A code, where it is called one or stands in quotes.
  | (?P<code>(?i:(?<![A-Za-z_])(?:codes?|otp)|验证码)[^0-9A-Za-z]{0,12})[0-9]{4,8}(?![0-9])
  | (?<=')[0-9]{6}(?=') | (?<=")[0-9]{6}(?=")
    # Mail addresses.
  | [A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+
    # Phones: of the mainland, and of everywhere else with their plus sign.
  | (?<![0-9])(?:(?:\+|00)?86[ \-]?)?1[3-9][0-9][ \-]?[0-9]{4}[ \-]?[0-9]{4}(?![0-9])
  | \+[0-9](?:[ \-().]{0,2}[0-9]){6,14}
    # Document numbers: of residents, of everybody else, and any long number besides, as of a code to scan.
  | (?<![0-9])[0-9]{6}[ \-]?[0-9]{8}[ \-]?[0-9]{3}[0-9Xx](?![0-9])
  | (?<![0-9A-Za-z_])[A-Za-z]{1,3}[0-9]{7,12}(?![0-9A-Za-z_])
  | (?<![0-9A-Za-z_])(?=[0-9]*[A-Z])(?=(?:[A-Z]*[0-9]){5})[A-Z0-9]{7,12}(?![0-9A-Za-z_])
  | (?<![0-9A-Za-z.])[0-9]{8,}[Xx]?
    # Tokens, tickets and signed ids: long, of capitals, small letters and digits.
  | (?<![A-Za-z0-9_\-])(?=[A-Za-z0-9_\-]*[a-z])(?=[A-Za-z0-9_\-]*[A-Z])(?=[A-Za-z0-9_\-]*[0-9])[A-Za-z0-9_\-]{20,}=*
    """,
    re.VERBOSE | re.ASCII,
)
# What logging itself puts into every record; none of it comes from people.
_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"asctime", "message", "taskName"}


def scrub(text: str) -> str:
    """The text without anything that looks like a phone, a document number, a mail address, a code or a token."""
    if not text.isascii():
        text = text.translate(_PLAIN)
    return _LOOKS_LIKE.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    if found["stays"]:
        return found[0]
    return (found["scheme"] or found["label"] or found["code"] or "") + MASK


def scrubbed(record: logging.LogRecord) -> logging.LogRecord:
    """A copy of the record to be written: its message, exception, stack and extra values masked.

    The record itself stays as it is, for handlers that need the exception and not its text.
    """
    clean = copy.copy(record)
    try:
        clean.msg = scrub(record.getMessage())
    except (TypeError, ValueError):
        # Arguments that do not fit: the template holds no one's data, the arguments may.
        clean.msg = scrub(str(record.msg))
    clean.args = None
    if record.exc_info and record.exc_info[0] is not None:
        clean.exc_text = scrub("".join(traceback.format_exception(*record.exc_info)).rstrip("\n"))
    elif record.exc_text:
        clean.exc_text = scrub(record.exc_text)
    # The text stands for it; a formatter would write it anew.
    clean.exc_info = None
    if record.stack_info:
        clean.stack_info = scrub(record.stack_info)
    for name in vars(record).keys() - _OF_EVERY_RECORD:
        setattr(clean, name, _value(getattr(record, name)))
    return clean


def _value(value: Any) -> Any:
    if isinstance(value, bool | float | None):
        return value
    if isinstance(value, int):
        # A phone is a number to whoever parsed it.
        return value if abs(value) < 10_000_000 else scrub(str(value))
    if isinstance(value, dict):
        return {scrub(str(name)): _value(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_value(item) for item in value]
    return scrub(str(value))


class Scrubbed(logging.Handler):
    """For a handler: `class Console(Scrubbed, logging.StreamHandler)` writes nothing that was not scrubbed."""

    def format(self, record: logging.LogRecord) -> str:
        """As the handler's formatter has it, of the scrubbed record."""
        return super().format(scrubbed(record))


class ScrubbedStream(Scrubbed, logging.StreamHandler):  # type: ignore[type-arg]
    """Writes scrubbed records to a stream."""
