"""Tables and constraints; no decisions."""

from booking.models.alert import Alert, Severity
from booking.models.appointment import LIVE, Appointment, Status
from booking.models.city_minute import CityMinute, DistrictMinute
from booking.models.cohort import Cohort
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
from booking.models.draw import Draw, DrawEntry, DrawFile, DrawOutcome, DrawState
from booking.models.figure import HourFigure
from booking.models.history import AppointmentEvent, EventKind, SlotEvent, SlotEventKind
from booking.models.import_run import ImportKind, ImportRun, ImportState
from booking.models.invitation import Invitation, InvitationList, InvitationSource
from booking.models.message import Message, MessageCount, MessageKind, MessageState
from booking.models.outside_dose import OutsideDose
from booking.models.programme import Programme, ReleaseMode
from booking.models.quota_change import ChangeKind, ChangeState, QuotaChange, WithAppointments
from booking.models.quota_plan import PlanSession, QuotaPlan, Weekday
from booking.models.release import BookingPause, ReleaseRule
from booking.models.release_queue import ReleaseQueue
from booking.models.relocation import Relocation, RelocationState
from booking.models.slot import ClosedDay, Slot
from booking.models.stock import Batch, DayClose, MovementKind, StockMovement
from booking.models.suspicion import Suspicion, SuspicionState
from booking.models.template import InboundText, MessageTemplate
from booking.models.vaccination import BodySite, RecordStatus, Route, VaccinationRecord
from booking.models.vaccine import Vaccine
from booking.models.visit import PRESENT, Decision, HealthAnswers, Reaction, Visit, VisitStatus
from booking.models.waitlist import LeftoverRound, Offer, OfferState, RoundState, WaitlistEntry

__all__ = [
    "LIVE",
    "PRESENT",
    "ActKind",
    "Alert",
    "Appointment",
    "AppointmentEvent",
    "Batch",
    "BodySite",
    "BookingPause",
    "ChangeKind",
    "ChangeState",
    "CityMinute",
    "ClosedDay",
    "Cohort",
    "ConflictAnswer",
    "DayClose",
    "Decision",
    "DeskAct",
    "DeskDevice",
    "DistrictMinute",
    "Draw",
    "DrawEntry",
    "DrawFile",
    "DrawOutcome",
    "DrawState",
    "EventKind",
    "HealthAnswers",
    "HourFigure",
    "ImportKind",
    "ImportRun",
    "ImportState",
    "InboundText",
    "Invitation",
    "InvitationList",
    "InvitationSource",
    "LeftoverRound",
    "Message",
    "MessageCount",
    "MessageKind",
    "MessageState",
    "MessageTemplate",
    "MovementKind",
    "Offer",
    "OfferState",
    "Outcome",
    "OutsideDose",
    "PlanSession",
    "Programme",
    "PublicScreen",
    "QuotaChange",
    "QuotaPlan",
    "Reaction",
    "RecordStatus",
    "ReleaseMode",
    "ReleaseQueue",
    "ReleaseRule",
    "Relocation",
    "RelocationState",
    "RoundState",
    "Route",
    "Severity",
    "Slot",
    "SlotEvent",
    "SlotEventKind",
    "Status",
    "StockMovement",
    "Suspicion",
    "SuspicionState",
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
