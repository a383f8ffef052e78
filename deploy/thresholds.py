"""From where on something in the city is an alert: what a city may set."""

from deploy import env


def thresholds() -> dict[str, int]:
    """The limits of booking/rules/alerts.py, by name."""
    return {
        "no_check_in_minutes": env.number("ALERT_NO_CHECK_IN_MINUTES", 15),
        "no_check_in_due": env.number("ALERT_NO_CHECK_IN_DUE", 10),
        "no_show_percent": env.number("ALERT_NO_SHOW_PERCENT", 15),
        "wait_minutes": env.number("ALERT_WAIT_MINUTES", 45),
        "offline_minutes": env.number("ALERT_OFFLINE_MINUTES", 10),
        "error_percent": env.number("ALERT_ERROR_PERCENT", 1),
        "text_percent": env.number("ALERT_TEXT_PERCENT", 5),
        "release_minutes": env.number("ALERT_RELEASE_MINUTES", 10),
        "reactions": env.number("ALERT_REACTIONS", 2),
        "full_days": env.number("ALERT_FULL_DAYS", 3),
    }
