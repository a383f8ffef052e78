"""Every kind of message that is told, by area. A new one needs a line here and its two texts.

The texts are templates/notifications/<kind>.txt and <kind>.en.txt: plain text with {placeholders}, never template code,
because the city may write its own instead (MessageTemplate) and nothing in those is carried out.
"""

from booking.notifications import (
    of_answers,
    of_appointments,
    of_family,
    of_invitations,
    of_offers,
    of_reminders,
    of_review,
)
from booking.notifications.kinds import Kind

KINDS: dict[str, Kind] = {
    **of_answers.KINDS,
    **of_appointments.KINDS,
    **of_family.KINDS,
    **of_invitations.KINDS,
    **of_offers.KINDS,
    **of_reminders.KINDS,
    **of_review.KINDS,
}
