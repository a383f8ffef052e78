"""Nobody in particular: whom rows belong to that are only counted any more."""

from datetime import date
from uuid import UUID

from accounts.models import Patient, User

PATIENT = UUID(int=0)
_USERNAME = "nobody"


def nobody() -> Patient:
    """The patient, with their account, who stands where somebody stood. Made when first needed."""
    found = Patient.objects.filter(pk=PATIENT).select_related("user").first()
    if found is not None:
        return found
    user = User.objects.get_or_create(username=_USERNAME, defaults={"is_active": False, "password": "!"})[0]
    facts = {
        "user": user,
        "person": UUID(int=0),
        "name": "",
        "document_type": "resident_id",
        "document_number": "",
        "birth_date": date(1900, 1, 1),
        "sex": "F",
        "relation": "other",
    }
    return Patient.objects.get_or_create(pk=PATIENT, defaults=facts)[0]
