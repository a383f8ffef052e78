"""The field in which an administrator says who on a programme's waitlist comes first, then second, and so on."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.rules.priority import AGE_60, CHILD, LOST_DRAW, PRIORITIES, SECOND_DOSE

NAMES = {
    SECOND_DOSE: gettext_lazy("该打第 2 剂或以后剂次的人"),
    AGE_60: gettext_lazy("60 岁以上的人"),
    CHILD: gettext_lazy("18 岁以下的人"),
    LOST_DRAW: gettext_lazy("这种疫苗摇号没中的人"),
}
_CHOICES = [("", gettext_lazy("不分，先登记先问")), *((name, NAMES[name]) for name in PRIORITIES)]


class _Selects(forms.MultiWidget):
    def __init__(self) -> None:
        super().__init__([forms.Select(choices=_CHOICES) for _name in PRIORITIES])

    def decompress(self, value: Any) -> list[str]:
        return list(value or [])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for position, part in enumerate(context["widget"]["subwidgets"], start=1):
            part["attrs"]["aria-label"] = _("候补次序第 %(position)d 位") % {"position": position}
        return context


class WaitlistOrderField(forms.MultiValueField):
    """Names of rules.priority, each once, the most important first."""

    def __init__(self) -> None:
        super().__init__(
            [forms.ChoiceField(choices=_CHOICES, required=False) for _name in PRIORITIES],
            required=False,
            require_all_fields=False,
            widget=_Selects(),
            label=gettext_lazy("候补次序"),
            help_text=gettext_lazy(
                "有人退号时先问谁，从左到右。一个人符合几条，按最前的一条算；都不符合的排在后面。同一条里先登记先问。"
                "改了以后马上按新的次序问。"
            ),
        )

    def compress(self, data_list: Sequence[str]) -> list[str]:
        """Without the places that were left empty."""
        chosen = [name for name in data_list if name]
        if len(set(chosen)) < len(chosen):
            raise forms.ValidationError(_("同一条只能选一次。"))
        return chosen
