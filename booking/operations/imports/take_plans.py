"""Rows of quota plans: each is a session, and repeats what is the plan's own."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from datetime import time
from typing import Any

from booking.models import ImportRun, PlanSession, QuotaPlan
from booking.operations.imports.known import Known, texts
from booking.operations.imports.table import Table
from booking.operations.imports.taking import Row, Taking
from booking.queries.sheets.kinds import PlanSheet
from booking.rules.cells import BadCell, code
from sites.scope import Scope

_PLANS_OWN = ("name", "programme", "district", "walk_in_percent", "community_percent")
Day = tuple[str, int]


class TakingPlans(Taking, PlanSheet):
    """A session is found by its plan's code, weekday and beginning; a plan that is not there is made."""

    unasked = ("plan", "programme", "district")

    class Meta(PlanSheet.Meta):
        use_bulk = True
        skip_diff = True
        skip_html_diff = True

    def __init__(self, table: Table, scope: Scope, run: ImportRun) -> None:
        # What the file's first row of each plan says about it, and when its sessions are.
        self.said: dict[str, tuple[int, list[str]]] = {}
        self.in_file: dict[Day, list[tuple[time, time, int]]] = defaultdict(list)
        self.in_ledger: dict[Day, list[tuple[time, time]]] = {}
        self.plans: dict[str, QuotaPlan] = {}
        self.kept: dict[str, QuotaPlan] = {}
        super().__init__(table, scope, run)
        for sessions in self.in_file.values():
            sessions.sort()

    def get_bulk_update_fields(self) -> list[str]:
        return ["ends", "minutes", "places"]

    def key_parts(self, row: Row) -> tuple[Any, ...]:
        return code(row.get("code", "")), self.fields["weekday"].clean(row), self.fields["begins"].clean(row)

    def survey(self, key: Any, number: int, row: Row) -> None:
        self.said.setdefault(key[0], (number, self._own_cells(row)))
        try:
            ends = self.fields["ends"].clean(row) if "ends" in row else None
        except BadCell:
            return
        if ends is not None and self.firsts[key] == number:
            self.in_file[key[:2]].append((key[2], ends, number))

    def find(self, rows: list[Row], *, locked: bool) -> None:
        codes = texts(rows, "code")
        plans = QuotaPlan.objects.filter(code__in=codes).order_by("pk")
        plans = plans.select_for_update() if locked else plans
        self.plans = {plan.code: plan for plan in plans}
        self.kept = {}
        sessions = PlanSession.objects.filter(plan__code__in=codes).order_by("pk")
        sessions = sessions.select_related("plan__programme", "plan__district")
        sessions = sessions.select_for_update(of=("self",)) if locked else sessions
        self.there, self.in_ledger = {}, defaultdict(list)
        for session in sessions:
            key = (session.plan.code, session.weekday, session.begins)
            self.there[key] = session
            if key not in self.firsts:
                self.in_ledger[key[:2]].append((session.begins, session.ends))
        self.known = Known(self.scope)

    def init_instance(self, row: Row | None = None) -> PlanSession:
        there = self.plans.get(self._code(row or {}))
        return PlanSession(plan=copy(there) if there else QuotaPlan())

    def after_init_instance(self, instance: Any, new: bool, row: Row, **kwargs: Any) -> None:
        super().after_init_instance(instance, new, row, **kwargs)
        plan = instance.plan
        if plan.pk and not self.scope.everywhere and plan.district_id not in self.scope.districts:
            self._refuse({"code": BadCell("outside")})

    def judge(self, instance: PlanSession, new: bool, row: Row) -> Iterable[tuple[str, BadCell]]:
        plan = instance.plan
        first, said = self.said[plan.code]
        if said != self._own_cells(row):
            yield "name", BadCell("contradicts", row=first)
        if plan.district_id is None and not self.scope.everywhere:
            yield "district", BadCell("outside")
        if plan.programme_id is None:
            yield "programme", BadCell("blank")
        if plan.walk_in_percent + plan.community_percent > 100:
            yield "community_percent", BadCell("over_hundred")
        yield from self._judge_times(instance)

    def _judge_times(self, session: PlanSession) -> Iterable[tuple[str, BadCell]]:
        begins, ends = session.begins, session.ends
        if ends is None:
            yield "ends", BadCell("blank")
            return
        length = 60 * (ends.hour - begins.hour) + ends.minute - begins.minute
        if length <= 0:
            yield "ends", BadCell("ends_before")
        elif length < session.minutes:
            yield "minutes", BadCell("too_short")
        day = (session.plan.code, session.weekday)
        others = self.in_file[day]
        at = bisect_left(others, (begins,))
        # In time order only the neighbours can be in the way; if both of them are fine, all are.
        for other_begins, other_ends, number in others[max(at - 1, 0) : at + 2]:
            if other_begins != begins and other_begins < ends and begins < other_ends:
                yield "begins", BadCell("overlaps", row=number)
                return
        if any(there_begins < ends and begins < there_ends for there_begins, there_ends in self.in_ledger[day]):
            yield "begins", BadCell("overlaps_existing")

    def parts_of(self, instance: PlanSession) -> list[Any]:
        return [instance, instance.plan]

    def before_keeping(self, instance: PlanSession) -> None:
        plan = instance.plan
        if plan.code not in self.kept:
            plan.save()
            self.kept[plan.code] = plan
        instance.plan = self.kept[plan.code]

    def _own_cells(self, row: Row) -> list[str]:
        return [row.get(name, "").strip() for name in _PLANS_OWN]

    def _code(self, row: Row) -> str:
        try:
            return code(row.get("code", ""))
        except BadCell:
            return ""
