"""The administrators' door: Django's admin. Importing it registers every table."""

from booking.admin import (
    appointments,
    catalogue,
    changes,
    figures,
    messages,
    releases,
    relocations,
    slots,
    stock,
    visits,
)
from booking.admin.imports import runs

__all__ = [
    "appointments",
    "catalogue",
    "changes",
    "figures",
    "messages",
    "releases",
    "relocations",
    "runs",
    "slots",
    "stock",
    "visits",
]
