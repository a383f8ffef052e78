"""Why a file or a cell was refused, in words that say what to do."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import ImportRun
from booking.queries.sheets.kinds import COMING_IN

_FILE = {
    "empty": gettext_lazy("文件里没有可以导入的行。请在表头下面填写后再上传。"),
    "too_big": gettext_lazy("文件超过 %(megabytes)d MB。请分成几个文件。"),
    "too_many_rows": gettext_lazy("超过 %(most)d 行。请分成几个文件。"),
    "old_office": gettext_lazy("这是旧版 Excel 或带密码的文件。请去掉密码，另存为 .xlsx 再上传。"),
    "macros": gettext_lazy("文件里有宏，不能导入。请另存为 .xlsx 再上传。"),
    "bomb": gettext_lazy("文件解压后太大，不能导入。请只留下数据，另存后再上传。"),
    "not_a_table": gettext_lazy("读不出表格。请用模板填写，存为 .xlsx 或 .csv 再上传。"),
    "encoding": gettext_lazy("认不出文字编码。请另存为“CSV UTF-8”或 .xlsx 再上传。"),
    "column_twice": gettext_lazy("列“%(column)s”出现了两次。请只留一列。"),
    "column_missing": gettext_lazy("缺少列：%(columns)s。请照模板补上表头。"),
}

_CELL = {
    "formula": gettext_lazy("是公式。请改成文字或数字"),
    "unseen": gettext_lazy("有看不见的字符。请重新输入"),
    "not_a_number": gettext_lazy("不是数字"),
    "not_whole": gettext_lazy("要整数"),
    "too_small": gettext_lazy("不能小于 %(limit)s"),
    "too_large": gettext_lazy("不能大于 %(limit)s"),
    "min_value": gettext_lazy("不能小于 %(limit)s"),
    "max_value": gettext_lazy("不能大于 %(limit)s"),
    "max_length": gettext_lazy("太长，最多 %(limit)s 个字"),
    "not_a_time": gettext_lazy("不是时间，要写成 08:30 这样"),
    "not_a_code": gettext_lazy("只能有字母、数字、- 和 _"),
    "not_yes_or_no": gettext_lazy("要写“是”或“否”"),
    "not_a_choice": gettext_lazy("不是可选的值，请看模板的说明"),
    "blank": gettext_lazy("不能空着"),
    "null": gettext_lazy("不能空着"),
    "twice": gettext_lazy("与第 %(row)s 行重复"),
    "outside": gettext_lazy("不在您的管辖范围"),
    "unknown_district": gettext_lazy("没有这个区县"),
    "unknown_site": gettext_lazy("没有这个接种点"),
    "unknown_programme": gettext_lazy("没有这个接种项目"),
    "unknown_account": gettext_lazy("没有这个账号。请先邀请"),
    "contradicts": gettext_lazy("与第 %(row)s 行写的同一个模板不一致"),
    "bad_phone": gettext_lazy("不是能收短信的手机号"),
    "bad_document": gettext_lazy("证件号码不对，请逐位核对"),
    "list_closed": gettext_lazy("名单已经发出或收回，不能再加人"),
    "over_hundred": gettext_lazy("留给现场和社区的合计超过 100%%"),
    "ends_before": gettext_lazy("要晚于开始"),
    "too_short": gettext_lazy("开始到结束不够一段"),
    "not_a_day": gettext_lazy("不是日期，要写成 2026-03-01 这样"),
    "unknown_vaccine": gettext_lazy("没有这种疫苗"),
    "not_a_document": gettext_lazy("证件号不对，请核对类型和号码"),
    "no_such_dose": gettext_lazy("这个接种项目没有这一剂"),
    "in_the_future": gettext_lazy("不能在今天之后"),
    "before_birth": gettext_lazy("早于出生日期"),
    "out_of_order": gettext_lazy("和已有的剂次先后不对"),
    "dose_known": gettext_lazy("这一剂已有 %(day)s 的记录"),
    "dose_booked": gettext_lazy("这一剂约在 %(day)s，先取消那次预约"),
    "differs": gettext_lazy("和已录的不一致。请先作废原来的，再导入"),
    "overlaps": gettext_lazy("与第 %(row)s 行的时间重叠"),
    "overlaps_existing": gettext_lazy("与模板里已有的时间段重叠"),
}


def file_refused(kind: str, facts: dict[str, Any]) -> str:
    """Why a file cannot be read, and what to do."""
    said = dict(facts)
    if "columns" in said:
        fields = COMING_IN[kind]().fields
        said["columns"] = "、".join(str(fields[name].label) for name in said["columns"])
    return str(_FILE[said["reason"]]) % said


def cell_refused(error: dict[str, Any]) -> str:
    """What is wrong with a cell: “二十” 不是数字."""
    template = _CELL.get(error["reason"])
    words = str(template) % error.get("facts", {}) if template else _("填得不对")
    return _("“%(value)s” %(why)s") % {"value": error["value"], "why": words} if error["value"] else words


def column_label(run: ImportRun, name: str) -> str:
    """The heading of a column: as the file has it, or as we call it."""
    columns = run.summary.get("columns", [])
    if name in columns:
        return str(run.summary["headings"][columns.index(name)])
    fields = COMING_IN[run.kind]().fields
    return str(fields[name].label) if name in fields else ""
