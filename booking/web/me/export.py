"""A citizen's data as files: JSON for programs, a page and tables for people."""

import csv
import io
import json
import zipfile
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from booking.queries.moments import to_the_second
from booking.queries.my_data import MyData, Row

TITLES: dict[str, Any] = {
    "account": _("账号"),
    "patients": _("接种人"),
    "appointments": _("预约"),
    "records": _("接种记录"),
    "health": _("健康询问和不良反应"),
    "looks": _("谁查看过"),
    "messages": _("发给您的消息"),
    "waitlist": _("余苗候补"),
    "offers": _("余苗通知"),
    "draws": _("摇号登记"),
}
COLUMNS: dict[str, Any] = {
    "about": _("查看了谁"),
    "added_at": _("添加时间"),
    "answered_at": _("答复时间"),
    "at": _("时间"),
    "batch": _("批号"),
    "birth_date": _("出生日期"),
    "booked_at": _("预约时间"),
    "by": _("查看人员"),
    "cancelled_at": _("取消时间"),
    "decision": _("结论或处理"),
    "deferred_until": _("暂缓到"),
    "district": _("居住区县"),
    "document_number": _("证件号码"),
    "document_type": _("证件类型"),
    "dose": _("第几剂"),
    "ended_at": _("结束时间"),
    "expires_at": _("答复期限"),
    "given_on": _("接种日期"),
    "guardian_consent_at": _("监护人同意时间"),
    "joined_at": _("登记时间"),
    "kind": _("类型"),
    "last_signed_in_at": _("上次登录"),
    "made_at": _("注册时间"),
    "manufacturer": _("生产企业"),
    "moves": _("已改次数"),
    "name": _("姓名"),
    "note": _("说明"),
    "patient": _("接种人"),
    "phone": _("手机号"),
    "places": _("去哪里"),
    "programme": _("接种项目"),
    "reason": _("原因"),
    "reference": _("预约号"),
    "relation": _("关系"),
    "removed_at": _("移除时间"),
    "sent_at": _("发送时间"),
    "sex": _("性别"),
    "site": _("接种点"),
    "starts_at": _("开始"),
    "status": _("状态"),
    "text_size": _("字号"),
    "until": _("候补到"),
    "vaccine": _("疫苗"),
    "what": _("记了什么"),
    "written_at": _("产生时间"),
}


def as_json(data: MyData, *, now: datetime) -> bytes:
    """Every table under its name, keys in English."""
    made = {"made_at": to_the_second(now), **data.tables()}
    return json.dumps(made, ensure_ascii=False, indent=2).encode()


def as_zip(data: MyData, *, now: datetime) -> bytes:
    """A page in the reader's language, a table for each kind, and the JSON."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("my-data.html", _page(data, now))
        files.writestr("my-data.json", as_json(data, now=now))
        for name, rows in data.tables().items():
            files.writestr(f"{name}.csv", _csv(rows))
    return packed.getvalue()


def _page(data: MyData, now: datetime) -> str:
    tables = [
        {
            "title": TITLES[name],
            "columns": [COLUMNS[key] for key in rows[0]] if rows else [],
            "rows": [list(row.values()) for row in rows],
        }
        for name, rows in data.tables().items()
    ]
    return render_to_string("booking/me/export.html", {"tables": tables, "now": now})


def _csv(rows: list[Row]) -> bytes:
    text = io.StringIO()
    table = csv.writer(text)
    if rows:
        table.writerow([str(COLUMNS[key]) for key in rows[0]])
        table.writerows([_harmless(value) for value in row.values()] for row in rows)
    # The mark at the beginning is what spreadsheets know UTF-8 by.
    return text.getvalue().encode("utf-8-sig")


def _harmless(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
