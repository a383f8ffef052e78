"""What people are told: the words of a message, and the channel it goes through."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.masking import masked_name
from booking.channels import console
from booking.models import Message


def words(message: Message) -> str:
    """The text of the message, in the receiver's language; the patient's name is masked."""
    with translation.override("zh-hans"):
        return render_to_string(f"notifications/{message.kind.lower()}.txt", _facts(message)).strip()


def _facts(message: Message) -> dict[str, object]:
    appointment = message.appointment
    if appointment is None:
        name = masked_name(message.patient.name if message.patient else "")
        return {"name": name, "help_phone": settings.HELP_PHONE}
    return {
        "name": masked_name(appointment.patient.name),
        "programme": appointment.programme.name,
        "site": appointment.slot.site,
        "starts_at": timezone.localtime(appointment.slot.starts_at),
        "reference": appointment.reference,
    }


def deliver(message: Message) -> None:
    """Hand the message to its channel. Raises what the channel raises; then it is tried again later."""
    phone = message.told.phone if message.told else None
    console.send(to=str(phone) if phone else None, text=words(message), key=message.key)
