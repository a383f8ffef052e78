"""Posts and quota plans that come in as a file."""

from datetime import time

import pytest

from booking.models import PlanSession, QuotaPlan
from sites.models import AdminRole, DeskRole, StaffMember
from tests.factories import make_administrator, make_citizen, make_district, make_programme, make_site
from tests.operations.imports.files import csv_file, xlsx_file

pytestmark = pytest.mark.django_db(transaction=True)
STAFF = ["账号", "接种点编号", "岗位", "手机号"]
PLANS = [
    "模板代码",
    "模板名称",
    "接种项目代码",
    "区县代码",
    "weekday",
    "begins",
    "ends",
    "minutes",
    "每段号源数",
    "留给现场（%）",
]


def counts(run) -> tuple[int, int, int, int]:
    return tuple(run.summary[what] for what in ("new", "changed", "same", "bad"))


def reasons(run) -> list[tuple[int, str, str]]:
    return [(error["row"], error["field"], error["reason"]) for error in run.errors]


def test_a_post_is_added_to_an_account_and_nothing_is_made_of_a_phone(take) -> None:
    site, nurse = make_site(code="A1"), make_citizen(username="zhang.li")
    content = csv_file(
        STAFF, ["zhang.li", "Ａ１", "登记", "13800000000"], ["nobody", "A1", "vaccination", "13811112222"]
    )

    run = take("staff", content, make_administrator())

    assert reasons(run) == [(3, "account", "unknown_account")]
    assert run.summary["left_out"] == ["手机号"]
    assert [(post.user, post.site, post.role) for post in StaffMember.objects.all()] == [
        (nurse, site, DeskRole.REGISTRATION)
    ]


def test_the_manager_of_a_site_adds_staff_of_that_site_only(take) -> None:
    own, other = make_site(code="A1"), make_site(code="B1")
    make_citizen(username="zhang.li")
    manager = make_administrator(AdminRole.SITE, site=own)
    content = csv_file(
        STAFF, ["zhang.li", "A1", "登记"], ["zhang.li", other.code, "登记"], ["zhang.li", "NOWHERE", "登记"]
    )

    run = take("staff", content, manager)

    assert reasons(run) == [(3, "site", "outside"), (4, "site", "outside")]
    assert StaffMember.objects.get().site == own


def test_a_phone_in_the_place_of_an_account_is_not_kept_in_clear(check) -> None:
    make_site(code="A1")

    run = check("staff", csv_file(STAFF, ["13812345678", "A1", "登记"]), make_administrator())

    assert run.errors[0]["value"] == "*******5678"
    assert "13812345678" not in str(run.summary)
    assert b"13812345678" not in bytes(run.content)


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_a_plan_comes_with_its_sessions_and_the_same_file_again_changes_nothing(take, make) -> None:
    make_district()
    make_programme(code="flu")
    city = make_administrator()
    content = make(
        PLANS,
        ["standard", "工作日", "flu", "", "周一", "8:00", "11:30", 30, 20, 10],
        ["standard", "工作日", "flu", "", 2, "08:00", "11:30", 30, "", 10],
    )

    first, again = take("plans", content, city), take("plans", content, city)

    assert (counts(first), counts(again)) == ((2, 0, 0, 0), (0, 0, 2, 0))
    plan = QuotaPlan.objects.get()
    assert (plan.name, plan.programme.code, plan.district, plan.walk_in_percent) == ("工作日", "flu", None, 10)
    sessions = PlanSession.objects.values_list("plan", "weekday", "begins", "ends", "minutes", "places")
    assert list(sessions) == [
        (plan.pk, 1, time(8), time(11, 30), 30, 20),
        (plan.pk, 2, time(8), time(11, 30), 30, None),
    ]


def test_sessions_that_cannot_be_are_told(check) -> None:
    make_programme(code="flu")
    own = ["standard", "工作日", "flu", ""]
    content = csv_file(
        PLANS,
        [*own, "周一", "08:00", "11:30", 30, 20, 10],
        [*own, "周一", "11:00", "12:00", 30, 20, 10],
        [*own, "周二", "12:00", "11:00", 30, 20, 10],
        [*own, "周三", "08:00", "08:20", 30, 20, 10],
        [*own, "周八", "08:00", "25:00", 30, 20, 10],
        ["standard", "别的名", "flu", "", "周四", "08:00", "11:30", 30, 20, 10],
        [*own, "周五", "08:00", "11:30", 30, 20, 101],
    )

    run = check("plans", content, make_administrator())

    assert reasons(run) == [
        (2, "begins", "overlaps"),
        (3, "begins", "overlaps"),
        (4, "ends", "ends_before"),
        (5, "minutes", "too_short"),
        (6, "weekday", "not_a_choice"),
        (6, "ends", "not_a_time"),
        (7, "name", "contradicts"),
        (8, "walk_in_percent", "too_large"),
    ]


def test_a_session_that_is_there_already_is_in_the_way(check) -> None:
    plan = QuotaPlan.objects.create(code="standard", name="工作日", programme=make_programme(code="flu"))
    PlanSession.objects.create(plan=plan, weekday=1, begins=time(9), ends=time(10))
    content = csv_file(PLANS, ["standard", "工作日", "flu", "", "1", "08:00", "11:30", 30, 20, 0])

    run = check("plans", content, make_administrator())

    assert reasons(run) == [(2, "begins", "overlaps_existing")]


def test_a_district_keeps_to_its_own_plans(take) -> None:
    own, programme = make_district(), make_programme(code="flu")
    for code, district in (("city", None), ("theirs", make_district("430103"))):
        QuotaPlan.objects.create(code=code, name="别动", programme=programme, district=district)
    content = csv_file(
        PLANS,
        *(
            [code, "新名", "flu", district, "1", "08:00", "11:30", 30, 20, 0]
            for code, district in (("mine", "430102"), ("city", "430102"), ("theirs", "430102"), ("new", ""))
        ),
    )

    run = take("plans", content, make_administrator(AdminRole.DISTRICT, district=own))

    assert reasons(run) == [(3, "code", "outside"), (4, "code", "outside"), (5, "district", "outside")]
    assert set(QuotaPlan.objects.values_list("code", "name", "district")) == {
        ("mine", "新名", "430102"), ("city", "别动", None), ("theirs", "别动", "430103"),
    }  # fmt: skip
