"""Who may do what at a desk. A small clinic gives one person several posts; a supervisor may do everything."""

REGISTRATION, SCREENING, VACCINATION, OBSERVATION, SUPERVISOR = (
    "registration",
    "screening",
    "vaccination",
    "observation",
    "supervisor",
)
EVERYBODY = frozenset({REGISTRATION, SCREENING, VACCINATION, OBSERVATION, SUPERVISOR})

# By the kinds of booking.models.ActKind, and for what is no act by a word of its own.
MAY: dict[str, frozenset[str]] = {
    "CHECK_IN": frozenset({REGISTRATION, SUPERVISOR}),
    "UNDO_CHECK_IN": frozenset({REGISTRATION, SUPERVISOR}),
    "BRING_FORWARD": frozenset({REGISTRATION, SUPERVISOR}),
    "WALK_IN": frozenset({REGISTRATION, SUPERVISOR}),
    "CALL": EVERYBODY,
    "ANSWER": frozenset({SCREENING, SUPERVISOR}),
    "VACCINATE": frozenset({VACCINATION, SUPERVISOR}),
    "REACT": frozenset({OBSERVATION, SCREENING, VACCINATION, SUPERVISOR}),
    "LEAVE": frozenset({OBSERVATION, SCREENING, SUPERVISOR}),
    "CORRECT": frozenset({SUPERVISOR}),
    # A bar on a dose is lifted by a doctor, who is at the screening.
    "lift_bar": frozenset({SCREENING, SUPERVISOR}),
    "search_wider": frozenset({REGISTRATION, SCREENING, SUPERVISOR}),
    # A dose that was given elsewhere is read from a paper by somebody who knows what it says.
    "outside_dose": frozenset({SCREENING, SUPERVISOR}),
    "void_outside_dose": frozenset({SUPERVISOR}),
    "leftovers": frozenset({SUPERVISOR}),
    "stock": frozenset({VACCINATION, SUPERVISOR}),
    "close_day": frozenset({SUPERVISOR}),
    "answer_conflict": frozenset({SUPERVISOR}),
    "pair_screen": frozenset({SUPERVISOR}),
    # What a colleague's device has kept is sent by a supervisor if the colleague has gone home.
    "send_for_others": frozenset({SUPERVISOR}),
}

# What happened to somebody's body is written down whoever says so.
IS_A_FACT = frozenset({"VACCINATE", "REACT"})


def may(roles: frozenset[str], what: str) -> bool:
    """Whether somebody with these posts at a site may do that there."""
    return bool(roles & MAY[what])
