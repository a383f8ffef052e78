"""Reading a QR code from a page, the way a scanner at the door does."""

import re

import zxingcpp
from PIL import Image, ImageDraw

_MODULE = 10


def svg_in(page: str) -> str:
    """The drawing that stands in the page's picture with the role of an image."""
    found = re.search(r'<div role="img"[^>]*>\s*(<svg.*?</svg>)', page, re.DOTALL)
    assert found, "no code on the page"
    return found[1]


def digits_in(svg: str) -> str:
    """Draw the SVG of dark lines on white, and read it with a decoder that is not ours."""
    width, height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
    image = Image.new("L", (width * _MODULE, height * _MODULE), 255)
    pen = ImageDraw.Draw(image)
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-0-9. ]+)", re.search(r'\bd="([^"]+)"', svg)[1]):
        values = [float(number) for number in re.findall(r"-?[0-9.]+", numbers)]
        if command == "h":
            pen.rectangle(
                [x * _MODULE, (y - 0.5) * _MODULE, (x + values[0]) * _MODULE - 1, (y + 0.5) * _MODULE - 1], fill=0
            )
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    results = zxingcpp.read_barcodes(image)
    assert len(results) == 1, "the decoder sees no code, or more than one"
    return results[0].text
