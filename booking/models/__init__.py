"""Tables and constraints; no decisions."""

from booking.models.appointment import LIVE, Appointment, Status
from booking.models.history import AppointmentEvent, EventKind, SlotEvent, SlotEventKind
from booking.models.message import Message, MessageKind
from booking.models.programme import Programme, ReleaseMode
from booking.models.slot import Slot
from booking.models.vaccine import Vaccine

__all__ = [
    "LIVE",
    "Appointment",
    "AppointmentEvent",
    "EventKind",
    "Message",
    "MessageKind",
    "Programme",
    "ReleaseMode",
    "Slot",
    "SlotEvent",
    "SlotEventKind",
    "Status",
    "Vaccine",
]
