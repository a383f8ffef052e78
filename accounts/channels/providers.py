"""What the providers of approved templates have in common."""

from django.conf import settings

from accounts.channels.outgoing import NotSent, Outgoing


def approved_template(outgoing: Outgoing) -> str:
    """The provider's number of the template for this kind and language. Raises NotSent if the settings name none."""
    name = f"{outgoing.kind}.en" if outgoing.language == "en" else outgoing.kind
    found = settings.SMS["templates"].get(name)
    if not found:
        raise NotSent(f"no template for {name}")
    return str(found)
