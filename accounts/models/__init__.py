"""Who someone is: the account that signs in, and the patients that it books for."""

from accounts.models.account import Accounts, TextSize, User
from accounts.models.answered import AnsweredRequest
from accounts.models.audit import AuditEntry, AuditExport, Invitation
from accounts.models.look_up import LookUp, LookUpKind
from accounts.models.patient import DocumentType, HandOverCode, Patient, Relation, Sex
from accounts.models.second_factor import SecondFactor
from accounts.models.signing_in import KnownDevice, LinkedIdentity, RevokedToken, UsedTicket

__all__ = [
    "Accounts",
    "AnsweredRequest",
    "AuditEntry",
    "AuditExport",
    "DocumentType",
    "HandOverCode",
    "Invitation",
    "KnownDevice",
    "LinkedIdentity",
    "LookUp",
    "LookUpKind",
    "Patient",
    "Relation",
    "RevokedToken",
    "SecondFactor",
    "Sex",
    "TextSize",
    "UsedTicket",
    "User",
]
