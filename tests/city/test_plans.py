"""The plans that the demonstration city comes with."""

import pytest

from booking.demo.plans import load_plans
from booking.demo.programmes import load_programmes
from booking.models import PlanSession, QuotaPlan, ReleaseRule

pytestmark = pytest.mark.django_db


def test_there_is_something_to_apply_and_a_second_run_leaves_it_alone():
    programmes = load_programmes()
    load_plans(programmes)
    QuotaPlan.objects.filter(code="flu-every-day").update(name="改过")

    load_plans(programmes)

    assert set(QuotaPlan.objects.values_list("name", flat=True)) == {"流感·工作日", "改过"}
    assert PlanSession.objects.filter(plan__code="flu-working-days").count() == 10
    assert ReleaseRule.objects.get().portions == [[60, 0], [40, 240]]
