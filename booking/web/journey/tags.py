"""Words of a suggestion, for the pages that show one."""

from django import template
from django.utils import timezone

from booking.queries.suggestion import Suggestion
from booking.web.journey import words

register = template.Library()
register.filter("named", words.named)


@register.filter
def what_for(suggestion: Suggestion) -> str:
    """流感疫苗接种 第 2 剂，共 2 剂."""
    name = words.named(suggestion.programme)
    dose = suggestion.due.dose or 1
    return f"{name} {words.dose(dose, suggestion.programme)}" if suggestion.programme.doses > 1 else name


@register.filter
def when_for(suggestion: Suggestion) -> str:
    """明天 周二 09:00."""
    return words.soon(suggestion.time.starts_at, timezone.now())
