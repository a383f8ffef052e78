"""Whose turn it is stands in step 2, and at every kept address behind it, with what to do next."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from booking.models import Appointment, Cohort, Draw, DrawEntry, Invitation, InvitationList, InvitationSource
from booking.queries.suggestion import suggestion_for
from booking.web.dates import clock, day
from tests.factories import make_administrator, make_patient
from tests.web.journey.conftest import at, books, ids, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def _cohort(programme, digits, opens, closes=None):
    programme.release_mode = "cohort"
    programme.save()
    return Cohort.objects.create(
        programme=programme, name="第一批", name_en="First", digits=list(digits), opens_at=opens, closes_at=closes
    )


def _invite(programme, patient, until):
    made = InvitationList.objects.create(
        programme=programme, name="名单", source=InvitationSource.IMPORTED, expires_at=until,
        made_by=make_administrator(), made_at=timezone.now(), sent_at=timezone.now() - timedelta(hours=1),
    )  # fmt: skip
    return Invitation.objects.create(list=made, person=patient.person)


def _draw(programme, opens, closes):
    programme.release_mode = "draw"
    programme.save()
    return Draw.objects.create(
        programme=programme, name="第一轮", name_en="Round 1", opens_at=opens, closes_at=closes, first_day=at(5, 0),
        last_day=at(9, 0), public_source="-", public_source_en="-", seed="0" * 64, made_by=make_administrator(),
        made_at=timezone.now(), commitment="1" * 64,
    )  # fmt: skip


def _digit(patient) -> str:
    return str(patient.document_number)[-1]


def _others(patient) -> str:
    return "0123456789".replace(_digit(patient), "")


def _what(visitor, *patients) -> str:
    return text_of(visitor.get(reverse("book_what", args=[ids(*patients)])))


def _when(at) -> str:
    return f"{day(at)} {clock(at)}"


def test_an_open_programme_is_as_ever(visitor, patient, slots) -> None:
    assert "可以约" in _what(visitor, patient)


def test_whose_cohort_is_open_may_book_until_it_closes(visitor, patient, programme, slots) -> None:
    _cohort(programme, _digit(patient), at(-1, 8), at(2, 18))

    shown = _what(visitor, patient)

    assert f"轮到了，可以约到 {_when(at(2, 18))}" in shown
    assert visitor.get(reverse("book_where", args=[ids(patient), programme.code])).status_code == 200


def test_whose_cohort_comes_later_is_told_from_when(visitor, patient, programme, slots) -> None:
    _cohort(programme, _digit(patient), at(2, 8))
    address = reverse("book_where", args=[ids(patient), programme.code])

    response = visitor.get(reverse("book_what", args=[ids(patient)]))

    assert f"您这一批 {_when(at(2, 8))} 起可以约。" in text_of(response)
    assert f'href="{address}"' not in response.content.decode()


def test_whose_cohort_is_over_may_go_on_the_waitlist(visitor, patient, programme, slots) -> None:
    _cohort(programme, _digit(patient), at(-3, 8), at(-2, 8))

    response = visitor.get(reverse("book_what", args=[ids(patient)]))

    assert "您这一批的预约时间过了" in text_of(response)
    assert reverse("join_waitlist", args=[patient.pk, programme.code]) in response.content.decode()


def test_who_is_invited_may_book_until_the_deadline_and_others_are_told_how_it_goes(
    visitor, patient, programme, slots
) -> None:
    programme.release_mode = "invitation"
    programme.save()
    assert "凭邀请预约。轮到时会给您发短信" in _what(visitor, patient)
    _invite(programme, patient, at(2, 18))

    assert f"收到邀请，可以约到 {_when(at(2, 18))}" in _what(visitor, patient)


def test_a_draw_says_until_when_one_enters_and_who_has(visitor, patient, programme, slots) -> None:
    draw = _draw(programme, at(-1, 8), at(2, 18))
    assert f"摇号预约，登记到 {_when(at(2, 18))} 为止" in _what(visitor, patient)

    entry = DrawEntry.objects.create(
        draw=draw, account=patient.user, patient=patient, person=patient.person, code="A1", entered_at=timezone.now()
    )
    assert "已登记，等摇号" in _what(visitor, patient)
    entry.withdrawn_at = timezone.now()
    entry.save()
    assert "已登记" not in _what(visitor, patient)


def test_what_another_account_entered_is_not_told(visitor, patient, programme, slots) -> None:
    draw, other = _draw(programme, at(-1, 8), at(2, 18)), make_patient(person=patient.person)
    DrawEntry.objects.create(
        draw=draw, account=other.user, patient=other, person=other.person, code="A1", entered_at=timezone.now()
    )

    assert "已登记" not in _what(visitor, patient)


def test_of_a_family_those_whose_turn_it_is_may_go_on_alone(visitor, citizen, patient, programme, slots) -> None:
    child = make_patient(citizen, name="小明", document_number=f"E123456{_others(patient)[0]}")
    _cohort(programme, _digit(patient), at(-1, 8))
    both, alone = ids(patient, child), ids(patient)

    step2 = visitor.get(reverse("book_what", args=[both]))
    kept = visitor.get(reverse("book_where", args=[both, programme.code]))

    assert "小明 现在开放的批次里没有这位接种人" in text_of(step2)
    for response in (step2, kept):
        assert reverse("book_where", args=[alone, programme.code]) in response.content.decode()
        assert "只为王秀兰约" in text_of(response)


@pytest.mark.parametrize("step", ["where", "when"])
def test_a_kept_address_says_whose_turn_it_is_instead_of_a_refusal_at_the_end(
    visitor, patient, programme, site, slots, step
) -> None:
    _cohort(programme, _digit(patient), at(2, 8), at(3, 8))
    more = [site.code] if step == "when" else []
    address = reverse(f"book_{step}", args=[ids(patient), programme.code, *more])

    response = visitor.get(address)
    sent = visitor.post(address, slot=str(slots[0].pk))

    for answer in (response, sent):
        assert f"您这一批 {_when(at(2, 8))} 起可以约。" in text_of(answer)
        assert "各批的时间" in text_of(answer)
        assert reverse("book_what", args=[ids(patient)]) in answer.content.decode()
    assert not Appointment.objects.exists()


def test_who_moves_an_appointment_is_not_asked_whose_turn_it_is(visitor, patient, programme, slots) -> None:
    reference = books(patient, slots[0]).reference
    _cohort(programme, _others(patient), at(-1, 8))

    response = visitor.get(reverse("move_appointment", args=[reference]))

    assert response.status_code == 200
    assert "还没有轮到" not in text_of(response)


def test_the_first_page_suggests_nothing_out_of_turn(citizen, patient, programme, slots) -> None:
    make_patient(citizen, name="小明")
    books(patient, slots[0])
    assert suggestion_for(citizen.pk, timezone.now()) is not None
    programme.release_mode = "invitation"
    programme.save()

    _forget()
    assert suggestion_for(citizen.pk, timezone.now()) is None


def _forget() -> None:
    from booking.queries.programmes import forget_programmes

    forget_programmes()


def test_step_2_asks_the_ledger_once_for_everybody_and_never_while_all_is_open(
    visitor, citizen, patient, programme, slots
) -> None:
    family = [patient, *(make_patient(citizen) for _ in range(3))]
    address = reverse("book_what", args=[ids(*family)])
    while_open = len(visitor.statements(address))
    for mode, make in (
        ("cohort", lambda: _cohort(programme, "12345", at(-1, 8))),
        ("invitation", lambda: _invite(programme, patient, at(2, 8))),
        ("draw", lambda: _draw(programme, at(-1, 8), at(2, 8))),
    ):
        make()
        programme.release_mode = mode
        programme.save()
        _forget()
        assert len(visitor.statements(address)) == while_open + 1, mode
