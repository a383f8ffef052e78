"""How long what is kept before it is erased or made anonymous; SECURITY.md says why, and what the law asks for."""

from deploy import env


def periods() -> dict[str, int]:
    """Days and years by what is kept. Raises BadEnvironment for one that is shorter than it may be.

    Doses: years after their batch has expired, of which the law asks for five. The trails of look-ups and changes:
    years, and the ledger itself refuses to delete a younger one.
    """
    return {
        "APPOINTMENT_DAYS": env.number("RETAIN_APPOINTMENT_DAYS", 730, least=366),
        "DOSE_YEARS": env.number("RETAIN_DOSE_YEARS", 5, least=5),
        "HEALTH_DAYS": env.number("RETAIN_HEALTH_DAYS", 365),
        "MESSAGE_DAYS": env.number("RETAIN_MESSAGE_DAYS", 180, least=60),
        "SIGN_IN_DAYS": env.number("RETAIN_SIGN_IN_DAYS", 365, least=184),
        "FAILED_JOB_DAYS": env.number("RETAIN_FAILED_JOB_DAYS", 30),
        "TRAIL_YEARS": env.number("RETAIN_TRAIL_YEARS", 3, least=3),
        "INVITATION_DAYS": env.number("RETAIN_INVITATION_DAYS", 365, least=60),
        "DRAW_DAYS": env.number("RETAIN_DRAW_DAYS", 730, least=366),
        "SUSPICION_DAYS": env.number("RETAIN_SUSPICION_DAYS", 730),
        "REMOVED_DAYS": env.number("RETAIN_REMOVED_DAYS", 180),
        "IDLE_ACCOUNT_YEARS": env.number("RETAIN_IDLE_ACCOUNT_YEARS", 5, least=1),
    }
