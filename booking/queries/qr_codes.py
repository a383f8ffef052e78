"""The code to show at the door: what it holds, signed with this installation's key, and its picture."""

import io

import segno
from django.conf import settings

from booking.rules import qr

_KEY = b"booking.qr|" + settings.SECRET_KEY.encode()


def qr_payload(reference: str) -> str:
    """The 23 digits for this reference."""
    return qr.payload(reference, _KEY)


def reference_in(scanned: str) -> str | None:
    """The reference in a scanned code; None if it is not one of ours or a digit was changed."""
    return qr.reference_of(scanned, _KEY)


def qr_image(payload: str) -> bytes:
    """The code as SVG: version 1, level Q, the smallest there is, which survives cracked screens and paper.

    Without a size of its own: the page decides how large it is.
    """
    out = io.BytesIO()
    segno.make(payload, version=1, error="q", mode="numeric", boost_error=False).save(
        out, kind="svg", border=4, omitsize=True, xmldecl=False, svgclass=None, lineclass=None
    )
    return out.getvalue()
