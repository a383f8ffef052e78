"""One sheet for each page, so that a person can look at all its sizes, widths and languages at once."""

from collections import defaultdict
from pathlib import Path

from PIL import Image, ImageDraw

_THUMB_WIDTH, _MOST_HEIGHT, _GAP, _LABEL = 240, 720, 12, 18


def make_contact_sheets(folder: Path) -> list[Path]:
    """From page-size-width-language.png make sheets/page.png; returns the sheets."""
    pages: dict[str, list[Path]] = defaultdict(list)
    for picture in sorted(folder.glob("*.png")):
        pages[picture.stem.rsplit("-", 3)[0]].append(picture)
    sheets = folder / "sheets"
    sheets.mkdir(exist_ok=True)
    return [_sheet(pictures, sheets / f"{page}.png") for page, pictures in pages.items()]


def _sheet(pictures: list[Path], target: Path) -> Path:
    thumbs = [_thumb(picture) for picture in pictures]
    columns = min(6, len(thumbs))
    rows = [thumbs[at : at + columns] for at in range(0, len(thumbs), columns)]
    heights = [max(thumb.height for thumb in row) + _LABEL + _GAP for row in rows]
    sheet = Image.new("RGB", (columns * (_THUMB_WIDTH + _GAP) + _GAP, sum(heights) + _GAP), "#888888")
    pen, top = ImageDraw.Draw(sheet), _GAP
    for index, row in enumerate(rows):
        for column, thumb in enumerate(row):
            left = _GAP + column * (_THUMB_WIDTH + _GAP)
            name = pictures[index * columns + column].stem.rsplit("-", 3)[1:]
            pen.text((left, top), " ".join(name), fill="white")
            sheet.paste(thumb, (left, top + _LABEL))
        top += heights[index]
    sheet.save(target, optimize=True)
    return target


def _thumb(picture: Path) -> Image.Image:
    with Image.open(picture) as image:
        small = image.convert("RGB").resize((_THUMB_WIDTH, max(1, image.height * _THUMB_WIDTH // image.width)))
    return small.crop((0, 0, _THUMB_WIDTH, min(small.height, _MOST_HEIGHT)))
