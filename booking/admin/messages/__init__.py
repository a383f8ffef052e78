"""What people are told: the texts, how each message stands, and the alerts when they do not get through."""

from booking.admin.messages import alerts, sent, texts

__all__ = ["alerts", "sent", "texts"]
