"""Tables and constraints; no decisions."""

from booking.models.appointment import LIVE, Appointment, Status
from booking.models.figure import HourFigure
from booking.models.history import AppointmentEvent, EventKind, SlotEvent, SlotEventKind
from booking.models.import_run import ImportKind, ImportRun, ImportState
from booking.models.message import Message, MessageKind
from booking.models.programme import Programme, ReleaseMode
from booking.models.quota_change import ChangeKind, ChangeState, QuotaChange, WithAppointments
from booking.models.quota_plan import PlanSession, QuotaPlan, Weekday
from booking.models.release import BookingPause, ReleaseRule
from booking.models.relocation import Relocation, RelocationState
from booking.models.slot import ClosedDay, Slot
from booking.models.vaccine import Vaccine

__all__ = [
    "LIVE",
    "Appointment",
    "AppointmentEvent",
    "BookingPause",
    "ChangeKind",
    "ChangeState",
    "ClosedDay",
    "EventKind",
    "HourFigure",
    "ImportKind",
    "ImportRun",
    "ImportState",
    "Message",
    "MessageKind",
    "PlanSession",
    "Programme",
    "QuotaChange",
    "QuotaPlan",
    "ReleaseMode",
    "ReleaseRule",
    "Relocation",
    "RelocationState",
    "Slot",
    "SlotEvent",
    "SlotEventKind",
    "Status",
    "Vaccine",
    "Weekday",
    "WithAppointments",
]
