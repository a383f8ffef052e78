"""Every state of ours has the name that FHIR R4 gives it."""

from booking.models import RecordStatus, Status, VisitStatus
from booking.rules.fhir_names import APPOINTMENT, ENCOUNTER, IMMUNIZATION

# The value sets of R4: appointmentstatus, encounter-status, immunization-status.
APPOINTMENT_STATUS = {
    "proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow", "entered-in-error", "checked-in",
    "waitlist",
}  # fmt: skip
ENCOUNTER_STATUS = {
    "planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled", "entered-in-error", "unknown",
}  # fmt: skip
IMMUNIZATION_STATUS = {"completed", "entered-in-error", "not-done"}


def test_no_state_is_left_out_and_every_name_is_one_of_r4() -> None:
    for ours, names, theirs in (
        (Status, APPOINTMENT, APPOINTMENT_STATUS),
        (VisitStatus, ENCOUNTER, ENCOUNTER_STATUS),
        (RecordStatus, IMMUNIZATION, IMMUNIZATION_STATUS),
    ):
        assert {*names} == {*ours.values}
        assert {*names.values()} <= theirs
        assert len({*names.values()}) == len(names)
