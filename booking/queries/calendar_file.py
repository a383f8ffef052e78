"""An appointment for the phone's calendar."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from booking.queries.appointments import AppointmentFacts


def calendar_file(facts: AppointmentFacts, language: str, *, now: datetime) -> bytes:
    """An .ics file with a UID that stays the same when the appointment moves, and two alarms:
    18:00 the day before, and two hours before. `language` is "en" or anything else for Chinese.

    The title names neither person nor vaccine: calendars are shared with colleagues and shown on locked screens.
    """
    starts = timezone.localtime(facts.starts_at)
    english = language == "en"
    with translation.override("en" if english else "zh-hans"):
        site = (facts.site.name_en or facts.site.name) if english else facts.site.name
        event = Event()
        event.add("uid", f"{facts.reference}@vaccine-booking")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("sequence", facts.moves)
        # In UTC, which every calendar understands without a description of the time zone.
        event.add("dtstart", starts.astimezone(UTC))
        event.add("dtend", facts.ends_at.astimezone(UTC))
        event.add("summary", _("接种疫苗"))
        event.add("location", f"{site} {facts.site.address}".strip())
        event.add("description", _("预约号 %(reference)s。请带身份证件。") % {"reference": facts.reference})
        if facts.status == "CANCELLED":
            event.add("status", "CANCELLED")
        evening_before = (starts - timedelta(days=1)).replace(hour=18, minute=0, second=0)
        for before in (starts - evening_before, timedelta(hours=2)):
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", _("接种提醒"))
            alarm.add("trigger", -before)
            event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//vaccine-booking//appointments//")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
