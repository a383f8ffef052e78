"""Only where nobody real can be harmed: how an installation says that it is marked for a rehearsal, and proves it."""

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import Patient, User

# What the made-up citizens of a rehearsal are called, and nobody else.
USERNAME = "dress-rehearsal-"
MADE_UP = ("rehearsal-", USERNAME)


def is_marked() -> bool:
    """Whether this installation is a rehearsal or a demonstration."""
    return bool(settings.REHEARSAL or settings.DEMONSTRATION)


def proof_of(challenge: str) -> str:
    """What only an installation with this one's secret key can answer to the challenge."""
    return salted_hmac("booking.rehearsal", challenge, algorithm="sha256").hexdigest()


def holds_real_citizens() -> bool:
    """Whether somebody is in the ledger whom no rehearsal has made up; in a demonstration everybody is made up."""
    if settings.DEMONSTRATION:
        return False
    accounts, patients = User.objects.exclude(phone_index=None, email_index=None), Patient.objects.all()
    for prefix in MADE_UP:
        accounts = accounts.exclude(username__startswith=prefix)
        patients = patients.exclude(user__username__startswith=prefix)
    return accounts.exists() or patients.exists()
