"""Accounts, patients, who looked at whom and who changed what, in the admin."""

from accounts.admin import audit, people

__all__ = ["audit", "people"]
