"""The administrators' door: Django's admin. Importing it registers every table."""

from booking.admin import appointments, catalogue, changes, figures, slots

__all__ = ["appointments", "catalogue", "changes", "figures", "slots"]
