"""Tables and constraints; no decisions."""

from booking.models.appointment import LIVE, Appointment, Status
from booking.models.desk import (
    ActKind,
    ConflictAnswer,
    DeskAct,
    DeskDevice,
    Outcome,
    PublicScreen,
    WalkIn,
    WalkInSource,
)
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
from booking.models.stock import Batch, DayClose, MovementKind, StockMovement
from booking.models.vaccination import BodySite, RecordStatus, Route, VaccinationRecord
from booking.models.vaccine import Vaccine
from booking.models.visit import PRESENT, Decision, HealthAnswers, Reaction, Visit, VisitStatus
from booking.models.waitlist import LeftoverRound, Offer, OfferState, RoundState, WaitlistEntry

__all__ = [
    "LIVE",
    "PRESENT",
    "ActKind",
    "Appointment",
    "AppointmentEvent",
    "Batch",
    "BodySite",
    "BookingPause",
    "ChangeKind",
    "ChangeState",
    "ClosedDay",
    "ConflictAnswer",
    "DayClose",
    "Decision",
    "DeskAct",
    "DeskDevice",
    "EventKind",
    "HealthAnswers",
    "HourFigure",
    "ImportKind",
    "ImportRun",
    "ImportState",
    "LeftoverRound",
    "Message",
    "MessageKind",
    "MovementKind",
    "Offer",
    "OfferState",
    "Outcome",
    "PlanSession",
    "Programme",
    "PublicScreen",
    "QuotaChange",
    "QuotaPlan",
    "Reaction",
    "RecordStatus",
    "ReleaseMode",
    "ReleaseRule",
    "Relocation",
    "RelocationState",
    "RoundState",
    "Route",
    "Slot",
    "SlotEvent",
    "SlotEventKind",
    "Status",
    "StockMovement",
    "VaccinationRecord",
    "Vaccine",
    "Visit",
    "VisitStatus",
    "WaitlistEntry",
    "WalkIn",
    "WalkInSource",
    "Weekday",
    "WithAppointments",
]
