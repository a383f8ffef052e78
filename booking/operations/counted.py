"""Counting what people do, whichever door they came by."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from booking.metrics import ACTS
from booking.operations.refusals import Refusal

Wanted = ParamSpec("Wanted")
Result = TypeVar("Result")


def counted(act: str) -> Callable[[Callable[Wanted, Result]], Callable[Wanted, Result]]:
    """Count each call of an operation under this name: done, refused with which code, or failed."""

    def of(operation: Callable[Wanted, Result]) -> Callable[Wanted, Result]:
        done, failed = ACTS.labels(act, "done"), ACTS.labels(act, "failed")
        # Looking a label up costs as much as counting.
        refused: dict[str, Any] = {}

        @wraps(operation)
        def counting(*args: Wanted.args, **kwargs: Wanted.kwargs) -> Result:
            try:
                result = operation(*args, **kwargs)
            except Refusal as refusal:
                code = refusal.code
                child = refused.get(code)
                if child is None:
                    child = refused[code] = ACTS.labels(act, code)
                child.inc()
                raise
            except Exception:
                failed.inc()
                raise
            done.inc()
            return result

        return counting

    return of
