"""Which role may do what, and where: read from the table that decides it, so that the page cannot be wrong."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sites.models import AdminRole
from sites.scope import offices_of

ROLES = (AdminRole.CITY, AdminRole.DISTRICT, AdminRole.SITE, AdminRole.AUDITOR)
_WHERE = {
    AdminRole.CITY: gettext_lazy("全市"),
    AdminRole.DISTRICT: gettext_lazy("自己的区县"),
    AdminRole.SITE: gettext_lazy("自己的接种点"),
    AdminRole.AUDITOR: gettext_lazy("全市，只看"),
}
# Acts that are more than adding and changing rows.
_ACTS = {
    "close_slot": gettext_lazy("停诊、恢复开诊"),
    "apply_quotachange": gettext_lazy("执行、撤销批量调整"),
    "export_figures": gettext_lazy("下载统计"),
    "export_auditentry": gettext_lazy("申请、批准导出操作记录"),
}
_PLAIN = ("view", "add", "change", "delete")


@dataclass(frozen=True, slots=True)
class Row:
    """One table or act, and the word for each role in the order of ROLES."""

    group: str
    what: str
    cells: list[tuple[str, str]]


def rows() -> list[Row]:
    """The table, by groups; a permission that is new in settings.ROLE_PERMISSIONS appears by itself."""
    named = sorted({name for given in settings.ROLE_PERMISSIONS.values() for name in given})
    tables: set[tuple[str, str]] = set()
    acts: list[tuple[str, str]] = []
    for name in named:
        app, _dot, codename = name.partition(".")
        verb, _line, model = codename.partition("_")
        if codename in _ACTS or verb not in _PLAIN:
            acts.append((app, codename))
        else:
            tables.add((app, model))
    found = [_of_table(app, model) for app, model in tables] + [_of_act(app, codename) for app, codename in acts]
    order = {name: place for place, name in enumerate(str(config.verbose_name) for config in apps.get_app_configs())}
    return sorted(found, key=lambda row: (order[row.group], row.what))


def _of_table(app: str, model: str) -> Row:
    cells = []
    for role in ROLES:
        given = {name for name in settings.ROLE_PERMISSIONS[role] if name.partition(".")[0] == app}
        changes = any(f"{app}.{verb}_{model}" in given for verb in ("change", "delete"))
        adds = f"{app}.add_{model}" in given
        if changes:
            cells.append(("change", _("看、改")))
        elif adds:
            cells.append(("change", _("看、新增")))
        else:
            cells.append(("view", _("看")) if f"{app}.view_{model}" in given else ("", "—"))
    config = apps.get_app_config(app)
    return Row(str(config.verbose_name), str(config.get_model(model)._meta.verbose_name), cells)


def _of_act(app: str, codename: str) -> Row:
    name = f"{app}.{codename}"
    cells = [("change", _("可以")) if name in settings.ROLE_PERMISSIONS[role] else ("", "—") for role in ROLES]
    return Row(str(apps.get_app_config(app).verbose_name), str(_ACTS.get(codename, codename)), cells)


def matrix_view(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """The table, and what the caller is. Everybody who may enter the admin may read it."""
    user: Any = request.user
    mine = [_own(office) for office in offices_of(user)]
    if user.is_superuser:
        mine.insert(0, _("超级管理员：全市，什么都能看、能改"))
    held = {office.role for office in offices_of(user)}
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("谁能做什么"),
        "mine": mine,
        "roles": [(role.label, _WHERE[role], role in held) for role in ROLES],
        "groups": [(name, list(found)) for name, found in groupby(rows(), key=lambda row: row.group)],
        "may_list": model_admin.has_view_or_change_permission(request),
    }
    return TemplateResponse(request, "admin/sites/matrix.html", context)


def _own(office: Any) -> str:
    place = office.site or office.district
    return f"{office.get_role_display()} · {place}" if place else office.get_role_display()
