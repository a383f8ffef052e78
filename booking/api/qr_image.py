"""The QR code as SVG: 23 digits make the smallest QR code, which survives cracked screens and paper."""

import io

import segno


def qr_image(payload: str) -> bytes:
    """Version 1, level Q, without a size of its own: the page decides how large it is."""
    out = io.BytesIO()
    segno.make(payload, version=1, error="q", mode="numeric", boost_error=False).save(
        out, kind="svg", border=4, omitsize=True, xmldecl=False, svgclass=None, lineclass=None
    )
    return out.getvalue()
