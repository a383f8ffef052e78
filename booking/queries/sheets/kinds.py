"""The columns of every kind of file."""

from django.utils.translation import gettext_lazy as _

from accounts.models import DocumentType
from booking.models import OutsideDose, PlanSession, Slot, Weekday
from booking.models.slot import ClosedDay
from booking.queries.sheets.invitations import InvitationSheet
from booking.queries.sheets.sheet import Column, Sheet
from booking.queries.sheets.widgets import Choice, Clock, Code, Day, Decimal, Masked, Moment, Named, Slug, Whole, YesNo
from sites.models import DeskRole, Site, StaffMember

_WEEKDAYS = [(f"{start}{day}", n) for start in ("星期", "礼拜", "周") for n, day in enumerate("一二三四五六日", 1)] + [
    ("星期天", 7),
    ("礼拜天", 7),
    ("周天", 7),
]
_WEEKDAYS += [
    (name[:length], n)
    for n, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], 1)
    for length in (3, len(name))
]


class SiteSheet(Sheet):
    """Sites, by their code."""

    code = Column(
        "code", _("编号"), Slug(), example="430102001", hint=_("必填。已有的编号会改动那一行，新编号会新建。")
    )
    name = Column("name", _("名称"), example="文艺路社区卫生服务中心", hint=_("新建必填。"))
    name_en = Column("name_en", _("英文名称"), example="Wenyi Road Health Centre")
    district = Column(
        "district", _("区县代码"), Named("districts", "pk"), example="430102", hint=_("新建必填，六位代码。")
    )
    street = Column("street", _("街道"), example="文艺路街道", hint=_("新建必填。"))
    address = Column("address", _("地址"), example="文艺路 1 号")
    phone = Column("phone", _("电话"), example="0731-12320", hint=_("对外公布的电话。"))
    longitude = Column(
        "longitude", _("经度"), Decimal(-180, 180), example="112.9946", hint=_("新建必填，WGS 84。"), keeps=True
    )
    latitude = Column(
        "latitude", _("纬度"), Decimal(-90, 90), example="28.1873", hint=_("新建必填，WGS 84。"), keeps=True
    )
    step_free = Column("step_free", _("无台阶"), YesNo(), example="是", hint=_("是或否。"), keeps=True)
    parking = Column("parking", _("可停车"), YesNo(), example="否", hint=_("是或否。"), keeps=True)
    english = Column("english", _("有英语服务"), YesNo(), example="否", hint=_("是或否。"), keeps=True)
    quota_per_half_hour = Column("quota_per_half_hour", _("每半小时能打几人"), Whole(0, 1000), example="20", keeps=True)
    is_active = Column("is_active", _("启用"), YesNo(), example="是", hint=_("是或否。"), keeps=True)

    class Meta:
        model = Site
        import_id_fields = ["code"]
        fields = [
            "code", "name", "name_en", "district", "street", "address", "phone", "longitude", "latitude", "step_free",
            "parking", "english", "quota_per_half_hour", "is_active",
        ]  # fmt: skip


class StaffSheet(Sheet):
    """Who works where and as what, by account, site and role."""

    account = Column("user", _("账号"), Named("users", "username"), example="zhang.li", hint=_("必填，要已有的账号。"))
    site = Column("site", _("接种点编号"), Named("sites"), example="430102001", hint=_("必填。"))
    role = Column("role", _("岗位"), Choice(DeskRole), example="登记", hint=_("登记、问诊、接种、留观或值班长。"))
    is_active = Column("is_active", _("在岗"), YesNo(), example="是", hint=_("是或否。"), keeps=True)

    class Meta:
        model = StaffMember
        import_id_fields = ["account", "site", "role"]
        fields = ["account", "site", "role", "is_active"]


class PlanSheet(Sheet):
    """Sessions of quota plans, by plan, weekday and beginning. What is the plan's own is on each of its rows."""

    code = Column(
        "plan__code", _("模板代码"), Slug(), example="weekday-standard", hint=_("必填。同一个模板的每一行都写。")
    )
    name = Column("plan__name", _("模板名称"), example="工作日标准", hint=_("新建必填。同一个模板的各行要一样。"))
    programme = Column(
        "plan__programme", _("接种项目代码"), Named("programmes"), example="influenza", hint=_("新建必填。")
    )
    district = Column(
        "plan__district", _("区县代码"), Named("districts", "pk"), example="430102", hint=_("空着表示全市的模板。")
    )
    weekday = Column(
        "weekday", _("星期"), Choice(Weekday, _WEEKDAYS), example="周一", hint=_("必填，1 到 7 或周一到周日。")
    )
    begins = Column("begins", _("开始"), Clock(), example="08:00", hint=_("必填。"))
    ends = Column("ends", _("结束"), Clock(), example="11:30", hint=_("必填。"), keeps=True)
    minutes = Column("minutes", _("每段几分钟"), Whole(5, 480), example="30", hint=_("5 到 480。"), keeps=True)
    places = Column(
        "places", _("每段号源数"), Whole(0, 100_000), example="20", hint=_("空着就按接种点每半小时能打几人算。")
    )
    walk_in_percent = Column("plan__walk_in_percent", _("留给现场（%）"), Whole(0, 100), example="20", keeps=True)
    community_percent = Column("plan__community_percent", _("留给社区（%）"), Whole(0, 100), example="10", keeps=True)

    class Meta:
        model = PlanSession
        import_id_fields = ["code", "weekday", "begins"]
        fields = [
            "code", "name", "programme", "district", "weekday", "begins", "ends", "minutes", "places",
            "walk_in_percent", "community_percent",
        ]  # fmt: skip


class OutsideDoseSheet(Sheet):
    """Doses that were given elsewhere, by document, programme and dose."""

    is_personal = True

    document_number = Column("document_number", _("证件号"), Masked(), example="110101199003070732", hint=_("必填。"))
    document_type = Column(
        "document_type", _("证件类型"), Choice(DocumentType), example="居民身份证", hint=_("空着就是居民身份证。")
    )
    programme = Column(
        "programme", _("接种项目代码"), Named("programmes"), example="hpv-2", hint=_("必填，按本市的项目算剂次。")
    )
    dose = Column("dose", _("第几剂"), Whole(1, 20), example="1", hint=_("必填。"))
    given_on = Column("given_on", _("接种日期"), Day(), example="2026-03-01", hint=_("必填。"))
    where = Column("where", _("在哪里打的"), example="武汉市江岸区疾控中心", hint=_("必填。"))
    vaccine = Column("vaccine", _("疫苗代码"), Named("vaccines"), hint=_("空着就是项目的疫苗。"), keeps=True)
    batch = Column("batch", _("批号"), example="20260115A")
    evidence = Column("evidence", _("凭据"), example="电子接种记录", hint=_("必填，从哪里来的。"))

    class Meta:
        model = OutsideDose
        import_id_fields = ["document_number", "programme", "dose"]
        fields = [
            "document_number", "document_type", "programme", "dose", "given_on", "where", "vaccine", "batch",
            "evidence",
        ]  # fmt: skip


class SlotSheet(Sheet):
    """Slots with how full they are. `taken` is set by whoever reads them."""

    site = Column("site__code", _("接种点编号"), Code())
    site_name = Column("site__name", _("接种点"))
    programme = Column("programme__code", _("接种项目代码"), Code())
    starts_at = Column("starts_at", _("开始"), Moment())
    ends_at = Column("ends_at", _("结束"), Moment())
    opens_at = Column("opens_at", _("放号时间"), Moment())
    quota = Column("quota", _("号源数"), Whole())
    taken = Column("taken", _("已占"), Whole())
    kept_walk_in = Column("kept_walk_in", _("留给现场"), Whole())
    kept_community = Column("kept_community", _("留给社区"), Whole())
    kept_doses = Column("kept_doses", _("留给后续剂次"), Whole())
    kept_later = Column("kept_later", _("留待再放"), Whole())
    closed_at = Column("closed_at", _("停诊时间"), Moment())

    class Meta:
        model = Slot
        fields = [
            "site", "site_name", "programme", "starts_at", "ends_at", "opens_at", "quota", "taken", "kept_walk_in",
            "kept_community", "kept_doses", "kept_later", "closed_at",
        ]  # fmt: skip


class ClosedDaySheet(Sheet):
    """Days on which sites take nobody."""

    site = Column("site__code", _("接种点编号"), Code())
    site_name = Column("site__name", _("接种点"))
    day = Column("day", _("日期"))
    reason = Column("reason", _("原因"))

    class Meta:
        model = ClosedDay
        fields = ["site", "site_name", "day", "reason"]


# What can come in as a file, by the kind of the run.
COMING_IN: dict[str, type[Sheet]] = {
    "sites": SiteSheet,
    "staff": StaffSheet,
    "plans": PlanSheet,
    "invitations": InvitationSheet,
    "outside": OutsideDoseSheet,
}
# What can go out as one: nothing that tells about people.
GOING_OUT: dict[str, type[Sheet]] = {
    **{kind: sheet for kind, sheet in COMING_IN.items() if not sheet.is_personal},
    "slots": SlotSheet,
    "closed_days": ClosedDaySheet,
}
