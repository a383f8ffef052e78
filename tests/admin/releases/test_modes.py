"""An administrator sets how a programme is released: after a look at it, with nothing lost on the way, and back."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from booking.models import Cohort
from booking.operations.releases.set_release_mode import set_release_mode
from tests.admin.releases.ways import address, apply, carried, filled, row, text_of
from tests.factories import CLOCK, make_administrator


def _mode(programme) -> str:
    programme.refresh_from_db()
    return str(programme.release_mode)


@pytest.mark.parametrize(("who", "may"), [("city", True), ("district", False), ("manager", False), ("auditor", False)])
def test_everybody_in_the_office_reads_it_and_the_city_changes_it(city, who, may):
    client = getattr(city, who)

    shown = client.get(address(city.programme))
    sent = client.post(address(city.programme), {**carried(shown), **filled("draw", step="apply")})

    assert "到点开放" in text_of(shown)
    assert ("看看会怎样" in text_of(shown)) is may
    assert sent.status_code == (302 if may else 403)
    assert _mode(city.programme) == ("draw" if may else "open")


def test_what_is_filled_in_is_looked_at_before_it_counts(city):
    form = filled("cohort", row(0, digits=["1", "2"], closes_at="2026-12-02T08:00"))

    looked_at = city.city.post(address(city.programme), {**form, "step": "preview"})

    assert "从“ 到点开放 ”改成" in text_of(looked_at).replace("“到点开放”", "“ 到点开放 ”")
    assert _mode(city.programme) == "open"
    applied = apply(city.city, city.programme, form)
    assert applied.status_code == 302
    assert _mode(city.programme) == "cohort"
    [cohort] = Cohort.objects.filter(programme=city.programme)
    assert (cohort.name, cohort.name_en, cohort.digits) == ("第0批", "Batch 0", ["1", "2"])
    assert cohort.opens_at.isoformat() == "2026-12-01T00:00:00+00:00"
    assert AuditEntry.objects.filter(what=f"booking.programme {city.programme.pk}", action="release").count() == 1


def test_going_back_from_the_look_loses_nothing(city):
    form = filled("cohort", row(0, digits=["1", "2"], born_from="1960-01-01"), row(1, name="", name_en="", opens_at=""))
    looked_at = city.city.post(address(city.programme), {**form, "step": "preview"})

    back = city.city.post(address(city.programme), {**carried(looked_at), "step": "edit"})

    found = carried(back)
    assert found["mode"] == ["cohort"]
    assert found["cohorts-0-digits"] == ["1", "2"]
    assert found["cohorts-0-born_from"] == ["1960-01-01"]
    assert found["cohorts-0-opens_at"] == ["2026-12-01T08:00"]
    assert found["cohorts-TOTAL_FORMS"] == ["2"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "必填"),
        ({"opens_at": ""}, "必填"),
        ({"closes_at": "2026-12-01T07:00"}, "要晚于“几时起可以约”。"),
        ({"born_from": "1980-01-01", "born_until": "1970-01-01"}, "要不早于“生于（起）”。"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_the_rest_stays(city, wrong, said):
    form = filled("cohort", row(0, digits=["7"], **wrong))

    shown = city.city.post(address(city.programme), {**form, "step": "preview"})

    field = next(iter(reversed(wrong)))
    _before, _name, after = shown.content.decode().partition(f'name="cohorts-0-{field}"')
    assert said in after.partition("</div>")[0]
    assert carried(shown)["cohorts-0-digits"] == ["7"]


def test_by_cohort_without_a_row_is_said_at_the_mode(city):
    shown = city.city.post(
        address(city.programme), {**filled("cohort", row(0, name="", name_en="", opens_at="")), "step": "preview"}
    )

    assert "分批次放号，请至少填一批。" in text_of(shown)


def test_rows_come_and_go_without_javascript(city):
    form = filled("cohort", row(0), row(1, digits=["3"]))

    more = city.city.post(address(city.programme), {**form, "step": "add"})
    fewer = city.city.post(address(city.programme), {**carried(more), "step": "remove:0"})

    assert carried(more)["cohorts-TOTAL_FORMS"] == ["3"]
    found = carried(fewer)
    assert (found["cohorts-TOTAL_FORMS"], found["cohorts-0-name"], found["cohorts-0-digits"]) == (
        ["2"],
        ["第1批"],
        ["3"],
    )
    # Nothing is said to be wrong before anybody asked.
    assert "errorlist" not in fewer.content.decode()


def test_five_days_of_two_digits_are_proposed_from_a_day(city):
    shown = city.city.post(
        address(city.programme),
        {**filled("cohort", row(0, name="", name_en="", opens_at="")), "five_from": "2026-12-30", "step": "five"},
    )

    found = carried(shown)
    assert found["cohorts-TOTAL_FORMS"] == ["5"]
    assert [found[f"cohorts-{n}-digits"] for n in range(5)] == [
        ["1", "2"],
        ["3", "4"],
        ["5", "6"],
        ["7", "8"],
        ["0", "9"],
    ]
    assert [found[f"cohorts-{n}-opens_at"][0] for n in (0, 4)] == ["2026-12-30T08:00", "2027-01-03T08:00"]
    assert found["cohorts-4-closes_at"] == ["2027-01-04T08:00"]
    assert found["cohorts-4-name_en"] == ["Last digit 9 or 0"]


@pytest.mark.parametrize("day", ["", "9999-12-31", "soon"])
def test_a_first_day_that_is_none_is_said_at_its_field(city, day):
    shown = city.city.post(address(city.programme), {**filled("cohort", row(0)), "five_from": day, "step": "five"})

    assert "请填第一天的日期。" in text_of(shown)
    assert carried(shown)["cohorts-0-name"] == ["第0批"]


def test_somebody_elses_change_meanwhile_is_not_written_over_and_nothing_is_lost(city):
    opened = city.city.get(address(city.programme))
    form = {**carried(opened), **filled("cohort", row(0, digits=["5"]))}
    set_release_mode(programme_id=city.programme.pk, mode="invitation", by=make_administrator(), now=CLOCK)

    shown = apply(city.city, city.programme, form)

    assert "有人改了这个项目的放号方式" in text_of(shown)
    assert carried(shown)["cohorts-0-digits"] == ["5"]
    assert _mode(city.programme) == "invitation"
    # Looked at once more, it counts.
    apply(city.city, city.programme, carried(shown))
    assert _mode(city.programme) == "cohort"


def test_it_is_taken_back_as_long_as_nobody_changed_it(city):
    apply(city.city, city.programme, filled("draw"))
    offered = city.city.get(address(city.programme))
    undo = {"step": "undo", "entry": carried(offered)["entry"][0]}

    done = city.city.post(address(city.programme), undo, follow=True)

    assert "已改回原来的放号方式" in text_of(done)
    assert _mode(city.programme) == "open"
    again = city.city.post(address(city.programme), undo, follow=True)
    assert "没有撤销" in text_of(again)


def test_the_programmes_own_form_only_shows_it_and_leads_there(city):
    own = reverse("admin:booking_programme_change", args=[city.programme.pk])

    shown = city.city.get(own)

    assert address(city.programme) in shown.content.decode()
    assert 'name="release_mode"' not in shown.content.decode()


def test_the_trail_reads_as_words(city):
    apply(city.city, city.programme, filled("cohort", row(0, digits=["1", "2"])))
    entry = AuditEntry.objects.latest("pk")

    shown = text_of(city.city.get(reverse("admin:accounts_auditentry_change", args=[entry.pk])))

    assert "批次" in shown
    assert "批次 — 名称 第0批，英文名称 Batch 0，证件尾号 12，从 2026-12-01T08:00:00+08:00" in shown
