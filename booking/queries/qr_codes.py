"""The code to show at the door: what it holds, signed with this installation's key, and its picture."""

import io

import segno
from django.conf import settings

from accounts.signing_secrets import signing_secrets
from booking.rules import qr


def qr_payload(reference: str) -> str:
    """The 23 digits for this reference."""
    return qr.payload(reference, _key(settings.SECRET_KEY))


def reference_in(scanned: str) -> str | None:
    """The reference in a scanned code; None if it is not one of ours or a digit was changed."""
    found = (qr.reference_of(scanned, _key(secret)) for secret in signing_secrets())
    return next((reference for reference in found if reference is not None), None)


def _key(secret: str) -> bytes:
    return b"booking.qr|" + secret.encode()


def qr_image(payload: str) -> bytes:
    """The code as SVG: version 1, level Q, the smallest there is, which survives cracked screens and paper.

    Without a size of its own: the page decides how large it is.
    """
    out = io.BytesIO()
    segno.make(payload, version=1, error="q", mode="numeric", boost_error=False).save(
        out, kind="svg", border=4, omitsize=True, xmldecl=False, svgclass=None, lineclass=None
    )
    return out.getvalue()
