"""Uploading a file, looking at what it would change, and deciding."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.jobs import work_on_import
from booking.models import ImportRun, ImportState
from sites.models import AdminRole, Site
from tests.admin.imports.conftest import NEW
from tests.factories import make_administrator, make_district, make_site
from tests.operations.imports.files import SITE_HEADINGS, csv_file, site_line, xlsx_file

pytestmark = pytest.mark.django_db(transaction=True)
LIST = reverse("admin:booking_importrun_changelist")
# The row that the file's reader is told about is the 17th.
ROWS = [site_line(f"A{n}", quota="二十" if n == 17 else 20) for n in range(2, 20)]


def show(run: ImportRun) -> str:
    return reverse("admin:booking_importrun_show", args=[run.pk])


@pytest.fixture
def city(db):
    make_district()
    return make_administrator()


def test_a_wrong_cell_is_told_by_row_column_and_reason(browser_of, city, upload) -> None:
    desk = browser_of(city)

    run = upload(desk, "sites", csv_file(SITE_HEADINGS, *ROWS, encoding="gb18030"))

    page = desk.get(show(run)).content.decode()
    for words in ("第 17 行", "每半小时能打几人", "“二十” 不是数字", "导入正确的 17 行"):
        assert words in page
    assert not Site.objects.exists()


def test_good_rows_are_taken_in_by_the_button(browser_of, city, take) -> None:
    desk = browser_of(city)

    run = take(desk, "sites", csv_file(SITE_HEADINGS, *ROWS))

    assert (run.state, Site.objects.count()) == (ImportState.DONE, 17)
    assert "出错，没有导入" in desk.get(show(run)).content.decode()


def test_only_a_file_without_mistakes_can_be_taken_in_as_a_whole(browser_of, city, upload) -> None:
    desk = browser_of(city)
    bad, good = (
        upload(desk, "sites", csv_file(SITE_HEADINGS, *ROWS)),
        upload(desk, "sites", xlsx_file(SITE_HEADINGS, ROWS[0])),
    )

    desk.post(show(bad), {"decision": "all"})
    desk.post(show(good), {"decision": "all"})

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (ImportState.CHECKED, ImportState.RUNNING)


def test_a_dropped_file_changes_nothing(browser_of, city, upload) -> None:
    desk = browser_of(city)
    run = upload(desk, "sites", csv_file(SITE_HEADINGS, *ROWS))

    page = desk.post(show(run), {"decision": "drop"}, follow=True)

    run.refresh_from_db()
    assert (run.state, run.content) == (ImportState.DROPPED, None)
    assert "没有导入，文件已删除。" in page.content.decode()


def test_a_changed_cell_is_shown_before_and_after(browser_of, city, upload) -> None:
    make_site(code="A1", name="旧名")
    desk = browser_of(city)

    run = upload(desk, "sites", csv_file(SITE_HEADINGS, site_line("A1", name="新名")))

    assert "<del>旧名</del> → <ins>新名</ins>" in desk.get(show(run)).content.decode()


def test_work_shows_how_far_it_is_with_and_without_javascript(browser_of, city) -> None:
    desk = browser_of(city)
    desk.post(NEW, {"kind": "sites", "file": SimpleUploadedFile("f.csv", csv_file(SITE_HEADINGS, *ROWS))})
    run = ImportRun.objects.get()

    page = desk.get(show(run)).content.decode()
    facts = desk.get(reverse("admin:booking_importrun_progress", args=[run.pk])).json()

    assert '<noscript><meta http-equiv="refresh"' in page
    assert "<progress" in page
    assert facts == {"state": "checking", "done": 0, "total": 0, "working": True}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x" * (5 * 1024 * 1024 + 1), "超过 5 MB"),
        (b"", "没有可以导入的行"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Excel"),
    ],
)
def test_what_is_no_table_is_refused_on_the_page(browser_of, city, content: bytes, words: str) -> None:
    page = browser_of(city).post(NEW, {"kind": "sites", "file": SimpleUploadedFile("f.csv", content)})

    assert page.status_code == 200
    assert words in page.content.decode()
    assert not ImportRun.objects.exists()


def test_a_table_without_its_key_is_refused_after_reading(browser_of, city, upload) -> None:
    desk = browser_of(city)

    run = upload(desk, "sites", csv_file(["名称"], ["文艺路"]))

    assert run.state == ImportState.REFUSED
    assert "缺少列：编号" in desk.get(show(run)).content.decode()


def test_markup_in_a_file_is_shown_and_not_run(browser_of, city, upload) -> None:
    desk = browser_of(city)

    run = upload(
        desk, "sites", csv_file([*SITE_HEADINGS, "<script>1</script>"], [*site_line("<b>A</b>"), "x"]), "<i>.csv"
    )

    page = desk.get(show(run)).content.decode()
    assert "&lt;b&gt;A&lt;/b&gt;" in page
    assert not [bad for bad in ("<b>A", "<script>1", "<i>.csv") if bad in page]


def test_files_are_seen_by_their_sender_and_by_whoever_looks_after_the_city(browser_of, upload) -> None:
    district = make_administrator(AdminRole.DISTRICT, district=make_district())
    run = upload(browser_of(district), "sites", csv_file(SITE_HEADINGS, ROWS[0]))
    neighbour = make_administrator(AdminRole.DISTRICT, district=make_district("430103"))
    colleague = make_administrator(AdminRole.DISTRICT, district=make_district())
    views = [show(run)] + [reverse(f"admin:booking_importrun_{name}", args=[run.pk]) for name in ("progress", "errors")]

    for user, status in ((neighbour, 404), (colleague, 404)):
        desk = browser_of(user)
        assert {desk.get(view).status_code for view in views} == {status}
        assert desk.post(show(run), {"decision": "good"}).status_code == status
        assert "接种点.csv" not in desk.get(LIST).content.decode()
    for user in (make_administrator(), make_administrator(AdminRole.AUDITOR)):
        desk = browser_of(user)
        assert desk.get(show(run)).status_code == 200
        assert desk.post(show(run), {"decision": "good"}).status_code == 403
        assert "接种点.csv" in desk.get(LIST).content.decode()


def test_each_office_sends_only_what_it_looks_after(browser_of) -> None:
    site = make_site()
    offers = {}
    for role, where in (("city", {}), ("district", {"district": site.district}), ("site", {"site": site})):
        page = browser_of(make_administrator(AdminRole(role), **where)).get(NEW)
        offers[role] = [value for value, _ in page.context["form"].fields["kind"].choices]
    auditor = browser_of(make_administrator(AdminRole.AUDITOR))

    everybodys = ["sites", "staff", "plans"]
    assert offers == {"city": [*everybodys, "outside"], "district": everybodys, "site": ["staff"]}
    assert auditor.get(NEW).status_code == 403
    manager = browser_of(make_administrator(AdminRole.SITE, site=site))
    refused = manager.post(
        NEW, {"kind": "sites", "file": SimpleUploadedFile("f.csv", csv_file(SITE_HEADINGS, ROWS[0]))}
    )
    assert refused.status_code == 200
    assert not ImportRun.objects.exists()


def test_pages_cost_few_statements(browser_of, city, upload, django_assert_max_num_queries) -> None:
    desk = browser_of(city)
    runs = [upload(desk, "sites", csv_file(SITE_HEADINGS, *ROWS)) for _ in range(5)]

    for address in (LIST, show(runs[0]), NEW):
        with django_assert_max_num_queries(12):
            assert desk.get(address).status_code == 200


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=300), st.lists(st.lists(st.text(max_size=10), max_size=9), max_size=5))
def test_whatever_is_uploaded_no_page_breaks(browser_of, city, noise: bytes, lines: list[list[str]]) -> None:
    desk = browser_of(city)
    text = csv_file(SITE_HEADINGS).decode() + "\n".join(",".join(line) for line in lines)
    for content in (noise, csv_file(SITE_HEADINGS) + noise, text.encode("utf-8", "replace")):
        answer = desk.post(NEW, {"kind": "sites", "file": SimpleUploadedFile("f.csv", content)})
        assert answer.status_code in (200, 302)
        if answer.status_code == 302:
            run = ImportRun.objects.get(pk=answer["Location"].rstrip("/").rsplit("/", 1)[1])
            work_on_import(str(run.pk))
            run.refresh_from_db()
            assert run.state in (ImportState.CHECKED, ImportState.REFUSED)
            counted = sum(run.summary.get(what, 0) for what in ("new", "changed", "same", "bad"))
            assert counted == run.total == run.done
            assert desk.get(show(run)).status_code == 200
