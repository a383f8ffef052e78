"""The administrators' door: Django's admin. Importing it registers every table."""

from booking.admin import (
    appointments,
    catalogue,
    changes,
    city_screen,
    draws,
    figures,
    invitations,
    messages,
    outside_doses,
    releases,
    relocations,
    slots,
    stock,
    suspicions,
    visits,
)
from booking.admin.imports import runs

__all__ = [
    "appointments",
    "catalogue",
    "changes",
    "city_screen",
    "draws",
    "figures",
    "invitations",
    "messages",
    "outside_doses",
    "releases",
    "relocations",
    "runs",
    "slots",
    "stock",
    "suspicions",
    "visits",
]
