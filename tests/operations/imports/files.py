"""Files as people make them."""

import csv
import io

from openpyxl import Workbook

SITE_HEADINGS = ["编号", "名称", "区县代码", "街道", "经度", "纬度", "每半小时能打几人"]


def csv_file(*lines: list, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Lines of cells as CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(lines)
    return text.getvalue().encode(encoding)


def xlsx_file(*lines: list) -> bytes:
    """Lines of cells as XLSX."""
    book = Workbook()
    for line in lines:
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def site_line(code: str, name: str = "文艺路卫生中心", district: str = "430102", quota: object = 20) -> list:
    """A row for SITE_HEADINGS that can be taken in as it is."""
    return [code, name, district, "文艺路街道", "112.99", "28.19", quota]
