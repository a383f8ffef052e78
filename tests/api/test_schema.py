"""The whole schema against the whole API: no 500, no answer that the schema does not describe.

SCHEMA_CASES=2000 makes as many cases for a thorough run; the default keeps `make test` short.
"""

import itertools
import os
from datetime import datetime, timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from booking.operations.book import book
from booking.rules.desk_roles import EVERYBODY
from deploy.wsgi import application
from tests.desk_factories import make_desk
from tests.factories import make_patient, make_programme, make_resident_id, make_site, make_slot, make_token

_API = schemathesis.openapi.from_wsgi("/api/v1/schema", application)
_CALLS = [found.ok() for found in _API.get_all_operations()]
_CASES = max(int(os.environ.get("SCHEMA_CASES", "240")) // len(_CALLS), 1)
_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def known(settings: Any) -> dict[str, Any]:
    """A citizen, and things that exist for her, so that some of what is asked is not refused at the first look."""
    settings.TICKETS = {**settings.TICKETS, "keys": {"t1": b"k" * 32}}
    now = datetime.now().astimezone()
    site, programme = make_site(code="KNOWN1"), make_programme(code="known")
    slots = [
        make_slot(site, programme, quota=500, starts_at=now + timedelta(days=3, minutes=n), opens_at=now)
        for n in range(3)
    ]
    patient = make_patient()
    booked = book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=slots[0].pk, request_key="known-key", now=now
    )
    other = make_patient(patient.user)
    staff = make_desk(site, *sorted(EVERYBODY))
    return {
        "token": make_token(patient.user, now),
        "desk_token": make_token(staff, now),
        "site": site.code,
        "by": staff.pk,
        "slot": [slot.pk for slot in slots],
        "patient": str(other.pk),
        "reference": booked.reference,
        "phone": "13812346621",
        "document_type": "resident_id",
        "document_number": make_resident_id(),
        "patient_id": str(patient.pk),
        "code": site.code,
        "programme": programme.code,
        "district": site.district_id,
    }


def _sometimes_known(case: schemathesis.Case, known: dict[str, Any], turn: int) -> None:
    # Two of three cases ask for what exists, wherever the field is there; the rest keep what was made up.
    if turn % 3 == 0:
        return
    for part in (case.body, case.query, case.path_parameters):
        if not isinstance(part, dict):
            continue
        for name in part:
            if name == "slot":
                part[name] = known["slot"][turn % len(known["slot"])]
            elif name in known:
                part[name] = known[name]


@pytest.mark.parametrize("call", _CALLS, ids=lambda call: call.label)
def test_every_answer_is_described_and_none_is_a_fault(call: Any, known: dict[str, Any]) -> None:
    turns = itertools.count()
    modes = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE])

    @settings(
        max_examples=_CASES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=modes.flatmap(lambda mode: call.as_strategy(generation_mode=mode)))
    def ask(case: schemathesis.Case) -> None:
        turn = next(turns)
        _sometimes_known(case, known, turn)
        token = known["desk_token" if "/desk/" in call.path else "token"]
        headers = {"Authorization": f"Bearer {token}"} if turn % 5 else {}
        case.call_and_validate(headers=headers, checks=_CHECKS)

    ask()


def test_the_schema_names_every_call_of_the_api(client: Any) -> None:
    schema = client.get("/api/v1/schema").json()
    assert schema["openapi"].startswith("3.1")
    calls = {f"{method} {path}" for path, found in schema["paths"].items() for method in found}
    assert calls == {f"{call.method} {call.path}" for call in _CALLS}
    assert "post /api/v1/appointments" in calls
    booking = schema["paths"]["/api/v1/appointments"]["post"]
    assert set(booking["responses"]) == {"201", "400", "401", "404", "409", "413", "415", "422", "429", "503"}
    assert booking["security"] == [{"token": []}]


def test_the_documents_need_no_other_host(client: Any) -> None:
    page = client.get("/api/docs").content.decode()
    assert 'src="/static/drf_spectacular_sidecar/' in page
    assert "https://" not in page.replace("https://spec", "")
