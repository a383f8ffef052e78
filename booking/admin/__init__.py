"""The administrators' door: Django's admin. Importing it registers every table."""

from booking.admin import appointments, catalogue, releases, slots

__all__ = ["appointments", "catalogue", "releases", "slots"]
