"""What a release is like and whom it is for, in words for administrators."""

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from booking.models import Programme, ReleaseRule
from booking.rules.eligibility import Decision

_MOST_NAMES = 3

_REASONS = {
    "too_young": gettext_lazy("年龄不到"),
    "too_old": gettext_lazy("年龄超过"),
    "wrong_sex": gettext_lazy("只给另一种性别"),
    "wrong_district": gettext_lazy("居住区县不在范围内"),
    "series_complete": gettext_lazy("全部剂次已打完"),
    "too_early": gettext_lazy("与上一剂间隔不够"),
    "next_dose_booked": gettext_lazy("离下一剂太近"),
    "dose_before_missing": gettext_lazy("还没有上一剂"),
}


def named(programme: Programme) -> str:
    """The programme in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return (programme.name_en or programme.name) if is_english else programme.name


def for_whom(programme: Programme) -> str:
    """Ages, sex, districts and doses of a programme in one line."""
    parts = [_("%(first)d 到 %(last)d 岁") % {"first": programme.min_age, "last": programme.max_age}]
    if programme.sex:
        parts.append(programme.get_sex_display())
    districts = [str(district) for district in programme.districts.all()]
    parts.append(_("限 %(districts)s") % {"districts": _("、").join(districts)} if districts else _("全市居民"))
    parts.append(ngettext("%(n)d 剂", "%(n)d 剂", programme.doses) % {"n": programme.doses})
    return " · ".join(parts)


def decided(decision: Decision) -> str:
    """What the rules say of somebody."""
    if decision.dose is not None:
        return _("能约第 %(dose)d 剂") % {"dose": decision.dose}
    return str(_REASONS[decision.reason])


def portions_of(rule: ReleaseRule) -> str:
    """ "60 % 开放时，40 % 240 分钟后"."""
    if len(rule.portions) < 2:
        return _("一次放完")
    first = _("%(percent)d %% 开放时") % {"percent": rule.portions[0][0]}
    rest = [
        _("%(percent)d %% %(minutes)d 分钟后") % {"percent": percent, "minutes": minutes}
        for percent, minutes in rule.portions[1:]
    ]
    return _("，").join([first, *rest])


def where(rule: ReleaseRule) -> str:
    """The group of sites that a rule is for. The rule comes with its sites and districts."""
    names = [str(district) for district in rule.districts.all()] + [str(site) for site in rule.sites.all()]
    return some_of(names) if names else _("全市")


def some_of(names: list[str]) -> str:
    """A few names, and how many there are where there are more."""
    if len(names) <= _MOST_NAMES:
        return _("、").join(names)
    return _("%(names)s 等 %(n)d 个") % {"names": _("、").join(names[:_MOST_NAMES]), "n": len(names)}
