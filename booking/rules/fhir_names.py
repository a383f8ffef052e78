"""Our states as FHIR R4 names them: Appointment, Encounter (a visit) and Immunization (a record)."""

APPOINTMENT = {
    "BOOKED": "booked",
    "CHECKED_IN": "checked-in",
    "FULFILLED": "fulfilled",
    "CANCELLED": "cancelled",
    "NO_SHOW": "noshow",
}
ENCOUNTER = {
    "ARRIVED": "arrived",
    "TRIAGED": "triaged",
    "IN_PROGRESS": "in-progress",
    "FINISHED": "finished",
    "CANCELLED": "cancelled",
}
IMMUNIZATION = {
    "COMPLETED": "completed",
    "NOT_DONE": "not-done",
    "ENTERED_IN_ERROR": "entered-in-error",
}
