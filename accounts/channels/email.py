"""E-mail by Django's mail, for people without a phone that can be texted."""

from smtplib import SMTPException

from django.core.mail import EmailMessage

from accounts.channels.outgoing import NotSent, Outgoing


def send(outgoing: Outgoing) -> None:
    """Send one plain e-mail from DEFAULT_FROM_EMAIL. Raises NotSent."""
    # Out-of-office replies to a code help nobody.
    headers = {"Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(outgoing.subject, outgoing.text, to=[outgoing.to], headers=headers).send()
    except (SMTPException, OSError, ValueError) as error:
        raise NotSent(type(error).__name__) from None
