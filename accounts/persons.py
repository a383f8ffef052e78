"""One person, however many accounts know them."""

import uuid

from accounts.encryption import blind_index


def person_key(document_type: str, document_number: str) -> uuid.UUID:
    """What Patient.person holds for this document: equal for equal documents, and it does not give the number away.

    Spaces around the number and the case of its letters make no difference.
    """
    return blind_index("document", f"{document_type}:{document_number.strip().upper()}")
