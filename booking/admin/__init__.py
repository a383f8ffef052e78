"""The administrators' door: Django's admin. Importing it registers every table."""

from booking.admin import appointments, catalogue, relocations, slots

__all__ = ["appointments", "catalogue", "relocations", "slots"]
