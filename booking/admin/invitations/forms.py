"""The forms around a list: making one, a file for it, one person to take off it."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import DocumentType
from booking.models import Programme
from booking.operations.invitations.make_list import DueAsked
from sites.queries import district_names

_LONGEST = timedelta(days=180)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NewList(forms.Form):
    """A list that a file will fill."""

    source = "imported"

    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=80,
        help_text=gettext_lazy("只有管理员看到，例如：芙蓉区 80 岁以上第一批。"),
    )
    programme = forms.ModelChoiceField(Programme.objects.filter(is_active=True), label=gettext_lazy("接种项目"))
    last_day = forms.DateField(label=gettext_lazy("截止日期"), widget=_day())
    last_time = forms.TimeField(
        label=gettext_lazy("几点"),
        initial=time(20),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("到这个时间以前约好有效，接种日期可以更晚。"),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors:
            ends = self.expires_at
            if ends <= timezone.now():
                self.add_error("last_day", _("截止时间要在现在以后。"))
            elif ends > timezone.now() + _LONGEST:
                self.add_error("last_day", _("最晚截止在 180 天以内。"))
        return found

    @property
    def expires_at(self) -> datetime:
        """The deadline, by the city's clock."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["last_day"], self.cleaned_data["last_time"]))

    def due(self) -> DueAsked | None:
        """Who of those who are due; None for a list that a file fills."""
        return None


class NewDueList(NewList):
    """A list of people who are due for their next dose."""

    source = "due"

    by = forms.DateField(
        label=gettext_lazy("到哪天到期"),
        widget=_day(),
        help_text=gettext_lazy("到这天间隔满了、又没有约下一剂的人。只看本系统里有过接种记录的人。"),
    )
    district = forms.ChoiceField(label=gettext_lazy("居住区县"), required=False)
    min_age = forms.IntegerField(label=gettext_lazy("最小年龄"), required=False, min_value=0, max_value=120)
    max_age = forms.IntegerField(
        label=gettext_lazy("最大年龄"),
        required=False,
        min_value=0,
        max_value=120,
        help_text=gettext_lazy("周岁，含。空着按接种项目的年龄。"),
    )

    field_order = ["name", "programme", "by", "district", "min_age", "max_age", "last_day", "last_time"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].choices = [("", _("全市")), *district_names()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        low, high = found.get("min_age"), found.get("max_age")
        if low is not None and high is not None and low > high:
            self.add_error("max_age", _("最大年龄不能小于最小年龄。"))
        return found

    def due(self) -> DueAsked:
        found = self.cleaned_data
        return DueAsked(found["by"], found["district"], found["min_age"], found["max_age"])


FORMS: dict[str, type[NewList]] = {form.source: form for form in (NewList, NewDueList)}


class PeopleFile(forms.Form):
    """A file of people to invite."""

    file = forms.FileField(label=gettext_lazy("文件"), allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".csv,.xlsx"


class OnePerson(forms.Form):
    """Sent by POST, so that no number stands in an address or a log."""

    document_type = forms.ChoiceField(label=gettext_lazy("证件类型"), choices=DocumentType.choices)
    number = forms.CharField(
        label=gettext_lazy("证件号码"), max_length=40, widget=forms.TextInput({"autocomplete": "off"})
    )
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        min_length=4,
        help_text=gettext_lazy("会记录下来，例如：本人来电不要了。"),
    )
