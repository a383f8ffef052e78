"""What is asked for a draw: everything that is announced, and later the public value, typed twice."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminSplitDateTime
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import Draw, Programme, ReleaseMode

_MOST_DAYS = 62


class AnnounceForm(forms.Form):
    """What everybody is told before anybody enters. A next round has the programme of the one before."""

    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=gettext_lazy("接种项目"), help_text=gettext_lazy("放号方式是“摇号”的项目。")
    )
    name = forms.CharField(
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        label=gettext_lazy("名称"),
        max_length=80,
        help_text=gettext_lazy("市民看到的名称，例如：12 月九价 HPV 疫苗摇号"),
    )
    name_en = forms.CharField(
        label=gettext_lazy("英文名称"), max_length=120, widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    opens_at = forms.SplitDateTimeField(label=gettext_lazy("登记开始"), widget=AdminSplitDateTime)
    closes_at = forms.SplitDateTimeField(
        label=gettext_lazy("登记截止"),
        widget=AdminSplitDateTime,
        help_text=gettext_lazy("截止以后才能有公开数值，所以要比它公布得早。"),
    )
    first_day = forms.DateField(label=gettext_lazy("接种日期（起）"), widget=AdminDateWidget)
    last_day = forms.DateField(
        label=gettext_lazy("接种日期（止）"),
        widget=AdminDateWidget,
        help_text=gettext_lazy("这些日子里这个项目还没有约出去的号，都归这次摇号。"),
    )
    public_source = forms.CharField(
        label=gettext_lazy("公开数值的来源"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "要写到谁都能查到同一个数，而且登记截止以后才会有。例如：上海证券交易所公布的上证指数 "
            "2026 年 12 月 8 日收盘点位；或：drand quicknet 第 20260000 轮的随机数（randomness）。"
        ),
    )
    public_source_en = forms.CharField(
        label=gettext_lazy("来源（英文）"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("同一个来源，用英文写。"),
    )

    def __init__(self, *args: Any, previous: Draw | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {"pk": previous.programme_id} if previous else {"is_active": True, "release_mode": ReleaseMode.DRAW}
        self.fields["programme"].queryset = Programme.objects.filter(**own)  # type: ignore[attr-defined]
        if previous:
            self.fields["programme"].initial = previous.programme_id
        for name in ("opens_at", "closes_at"):
            field = self.fields[name]
            for part, says in zip(field.widget.widgets, (_("日期"), _("时间")), strict=True):  # type: ignore[attr-defined]
                part.attrs["aria-label"] = f"{field.label} {says}"

    def clean_public_source(self) -> str:
        return " ".join(self.cleaned_data["public_source"].split())

    def clean_public_source_en(self) -> str:
        return " ".join(self.cleaned_data["public_source_en"].split())

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        opens_at, closes_at = found.get("opens_at"), found.get("closes_at")
        first, last = found.get("first_day"), found.get("last_day")
        if opens_at and opens_at <= timezone.now():
            self.add_error("opens_at", _("登记开始要在现在以后：先公布，再登记。"))
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("登记截止要晚于登记开始。"))
        if first and last and last < first:
            self.add_error("last_day", _("结束日期不能早于开始日期。"))
        elif first and last and (last - first).days >= _MOST_DAYS:
            self.add_error("last_day", _("一次摇号最多 %(days)d 天。") % {"days": _MOST_DAYS})
        if first and closes_at and first <= timezone.localdate(closes_at):
            self.add_error("first_day", _("第一天要在登记截止那天以后，摇号和通知才来得及。"))
        return found


class ValueForm(forms.Form):
    """The public value, twice: a wrong one cannot be taken back."""

    value = forms.CharField(
        label=gettext_lazy("公开数值"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("照来源公布的写，一个字也不差，例如：3387.46"),
    )
    again = forms.CharField(
        label=gettext_lazy("再写一次"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("value") and found.get("again") and found["value"] != found["again"]:
            self.add_error("again", _("两次写的不一样。请照来源核对。"))
        return found


class CallOffForm(forms.Form):
    """Why, for the audit trail."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        min_length=4,
        max_length=120,
        help_text=gettext_lazy("写进操作记录，例如：疫苗推迟到货。"),
    )
