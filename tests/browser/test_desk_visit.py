"""A visit at the desk: from the questions to the end of the observation, with the network and without it."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.browser.city import City
from tests.browser.conftest import BeginVisits
from tests.browser.desk_visits import all_no, give, go, take_batch

# A list that others have changed is fetched within this time.
SOON = 20_000


def test_from_the_questions_to_the_end_of_the_observation(begin_visits: BeginVisits, city: City) -> None:
    nurse, site = begin_visits(["陈建国", "欧阳晓燕"])
    page, [first, second] = nurse.page, site["references"]

    go(page, "ask", first)
    expect(page.get_by_role("button", name="可以接种")).to_be_disabled()
    all_no(page)
    page.get_by_role("button", name="可以接种").click()
    expect(page.get_by_role("heading", name="可以接种")).to_be_visible()
    page.get_by_role("button", name="现在接种").click()
    give(page, "陈建国", site["good"])
    expect(page.get_by_role("heading", name="已接种")).to_be_visible()
    go(page, "observe")
    expect(page.locator(".watched")).to_contain_text("还要 30 分钟")

    nurse.wait_until_sent()
    city.ask("minutes_pass", reference=first, minutes=31)
    expect(page.locator(".watched")).to_contain_text("可以离开", timeout=SOON)
    page.get_by_role("button", name="陈建国 离开").click()
    expect(page.get_by_text("现在没有人在留观")).to_be_visible()

    nurse.wait_until_sent()
    come_to = city.ask("visit_of", reference=first)
    assert (come_to["appointment"], come_to["visit"], come_to["left_early"]) == ("FULFILLED", "FINISHED", "")
    assert come_to["records"] == [["COMPLETED", "F2611", "left_arm", "", ""]]
    assert come_to["stock"] == [["F2611", -1]]
    assert come_to["decisions"] == [["MAY", "", None]]
    assert city.ask("visit_of", reference=second)["visit"] == "ARRIVED"


def test_the_next_one_is_called_by_saving_and_the_batch_stays(begin_visits: BeginVisits) -> None:
    nurse, site = begin_visits(["陈建国", "欧阳晓燕"])
    page = nurse.page
    for reference in site["references"]:
        go(page, "ask", reference)
        all_no(page)
        page.get_by_role("button", name="可以接种").click()
        expect(page.get_by_role("heading", name="可以接种")).to_be_visible()

    go(page, "station")
    page.get_by_role("button", name="叫下一位：A001 陈建国").click()
    give(page, "陈建国", "f2611")

    expect(page.get_by_text("已保存：陈建国")).to_be_visible()
    expect(page.locator(".visit-name")).to_contain_text("欧阳晓燕")
    expect(page.locator(".batch-now")).to_contain_text("批号 F2611")
    expect(page.get_by_role("button", name="保存并叫下一位")).to_be_disabled()


def test_nobody_says_no_to_questions_that_they_have_not_seen(begin_visits: BeginVisits) -> None:
    nurse, site = begin_visits(["陈建国"], height=500)
    page = nurse.page

    go(page, "ask", site["references"][0])

    expect(page.get_by_role("button", name="都没有", exact=True)).to_be_disabled()
    all_no(page)
    expect(page.get_by_role("button", name="可以接种")).to_be_enabled()


def test_an_expired_batch_is_barred_until_a_doctor_says_why(begin_visits: BeginVisits, city: City) -> None:
    nurse, site = begin_visits(["陈建国"])
    page, [reference] = nurse.page, site["references"]
    go(page, "ask", reference)
    all_no(page)
    page.get_by_role("button", name="可以接种").click()
    page.get_by_role("button", name="现在接种").click()

    take_batch(page, site["expired"])
    page.get_by_label("本人说出姓名，是 陈建国").check()
    expect(page.get_by_role("alert")).to_contain_text("这一批已过期")
    save = page.get_by_role("button", name="保存并叫下一位")
    expect(save).to_be_disabled()
    page.get_by_label("医生决定放行").check()
    expect(save).to_be_disabled()
    page.get_by_label("放行的理由").fill("厂家书面延长了有效期")
    save.click()
    expect(page.get_by_role("heading", name="已接种")).to_be_visible()

    nurse.wait_until_sent()
    why = "厂家书面延长了有效期"
    assert city.ask("visit_of", reference=reference)["records"] == [
        ["COMPLETED", "F2510", "left_arm", "batch_expired", why]
    ]


def test_a_vaccinator_who_is_no_doctor_lifts_nothing(begin_visits: BeginVisits) -> None:
    nurse, site = begin_visits(["陈建国"], roles=("vaccination",))
    page = nurse.page

    go(page, "dose", site["references"][0])
    take_batch(page, site["good"])
    page.get_by_label("本人说出姓名，是 陈建国").check()

    expect(page.get_by_role("alert")).to_contain_text("还没有问健康状况")
    expect(page.get_by_label("医生决定放行")).to_have_count(0)
    expect(page.get_by_role("button", name="保存并叫下一位")).to_be_disabled()


def test_a_yes_asks_for_the_doctor_who_defers(begin_visits: BeginVisits, city: City) -> None:
    nurse, site = begin_visits(["陈建国"], station="问诊")
    page, [reference] = nurse.page, site["references"]

    page.get_by_role("button", name="叫下一位：A001 陈建国").click()
    for number in range(8):
        page.locator(".question").nth(number).get_by_text("是" if number == 1 else "否", exact=True).click()
    page.get_by_role("radio", name="暂缓").check()
    page.get_by_role("button", name="14 天后").click()
    page.get_by_role("button", name="暂缓到").click()
    expect(page.get_by_text("写明情况和决定的理由。")).to_be_visible()
    page.get_by_label("说明").fill("对鸡蛋过敏，先看过敏科")
    page.get_by_role("button", name="暂缓到").click()
    page.get_by_role("dialog").get_by_role("button", name="暂缓到").click()

    expect(page.get_by_role("heading", name="暂缓接种")).to_be_visible()
    expect(page.get_by_text("可以现在或回家后重新预约")).to_be_visible()
    nurse.wait_until_sent()
    come_to = city.ask("visit_of", reference=reference)
    until = (date.fromisoformat(page.evaluate("new Date().toLocaleDateString('sv')")) + timedelta(days=14)).isoformat()
    assert come_to["decisions"] == [["DEFER", "allergy", until]]
    assert (come_to["appointment"], come_to["visit"]) == ("CANCELLED", "FINISHED")
    assert [record[0] for record in come_to["records"]] == ["NOT_DONE"]


def test_a_supervisor_corrects_a_dose_and_sees_both_before(begin_visits: BeginVisits, city: City) -> None:
    nurse, site = begin_visits(["陈建国"])
    page, [reference] = nurse.page, site["references"]
    go(page, "ask", reference)
    all_no(page)
    page.get_by_role("button", name="可以接种").click()
    page.get_by_role("button", name="现在接种").click()
    give(page, "陈建国", site["good"])

    page.get_by_role("button", name="更正").click()
    page.get_by_label("接种记错了").check()
    page.get_by_label("右上臂").check()
    page.get_by_label("为什么更正").fill("看错了左右")
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.locator(".differences tbody tr")).to_have_text(re.compile(r"部位\s*左上臂\s*右上臂"))
    page.get_by_role("button", name="确认更正").click()
    expect(page.get_by_text("已更正。")).to_be_visible()

    nurse.wait_until_sent()
    assert city.ask("visit_of", reference=reference)["records"] == [
        ["COMPLETED", "F2611", "right_arm", "", ""],
        ["ENTERED_IN_ERROR", "F2611", "left_arm", "", ""],
    ]


def test_a_visit_goes_on_without_the_network_and_is_told_once(begin_visits: BeginVisits, city: City) -> None:
    nurse, site = begin_visits(["陈建国"])
    page, [reference] = nurse.page, site["references"]
    go(page, "ask", reference)
    all_no(page)
    page.get_by_role("button", name="可以接种").click()
    page.get_by_role("button", name="现在接种").click()
    nurse.wait_until_sent()

    nurse.context.set_offline(True)
    give(page, "陈建国", site["good"])
    expect(page.get_by_role("heading", name="已接种")).to_be_visible()
    expect(page.locator(".connection")).to_contain_text("1 条待传")
    go(page, "observe")
    page.get_by_role("button", name="不良反应：陈建国").click()
    page.get_by_label("头晕、晕针").check()
    page.get_by_label("继续观察").check()
    page.get_by_role("button", name="登记这次反应").click()
    page.get_by_role("button", name="提前离开：陈建国").click()
    page.get_by_role("button", name="坚持要走").click()
    page.get_by_role("button", name="记下并放行").click()
    expect(page.locator(".connection")).to_contain_text("3 条待传")
    assert city.ask("visit_of", reference=reference)["records"] == []
    nurse.context.set_offline(False)

    nurse.wait_until_sent()
    come_to = city.ask("visit_of", reference=reference)
    assert come_to["records"] == [["COMPLETED", "F2611", "left_arm", "", ""]]
    assert come_to["stock"] == [["F2611", -1]]
    assert come_to["reactions"] == [["fainting", "watched"]]
    assert (come_to["visit"], come_to["left_early"]) == ("FINISHED", "坚持要走")


def test_a_record_without_the_network_names_whoever_gave_the_dose(begin_visits: BeginVisits) -> None:
    nurse, site = begin_visits(["陈建国"])
    nurse.context.set_offline(True)
    [reference] = site["references"]
    nurse.act("answer", reference, said_yes=[], decision="may", deferred_until=None, note="")
    dose = {"batch": "F2611", "body_site": "left_arm", "route": "intramuscular", "lift": [], "lift_reason": ""}
    nurse.act("vaccinate", reference, **dose)

    go(nurse.page, "record", reference)

    expect(nurse.page.locator(".record .facts div", has_text="接种人")).to_contain_text("刘敏")


def test_of_two_batches_of_a_product_the_scanned_one_is_in_the_hand(begin_visits: BeginVisits) -> None:
    nurse, site = begin_visits(["陈建国"])
    page, [reference] = nurse.page, site["references"]
    go(page, "ask", reference)
    all_no(page)
    page.get_by_role("button", name="可以接种").click()
    page.get_by_role("button", name="现在接种").click()
    expect(page.get_by_role("heading", name="接种", exact=True)).to_be_visible()

    # By a scanner that types, with no field in focus: the product's code is the same on both packs.
    nurse.scan(site["expired"])

    expect(page.locator(".batch-now")).to_contain_text("批号 F2510")
