"""What a report says in sentences, in the language that is active."""

from typing import Any

from django.utils.translation import gettext as _

Figures = dict[str, Any]


def seconds(value: float) -> str:
    """A duration as people read it."""
    if value < 1:
        return _("%(n)s 毫秒") % {"n": f"{value * 1000:,.0f}"}
    return _("%(n)s 秒") % {"n": f"{value:,.1f}" if value < 100 else f"{value:,.0f}"}


def curve(name: str) -> str:
    """The kind of day."""
    return {"ordinary": _("平常的一天"), "outbreak": _("疫情来了"), "scarce": _("苗少人多")}.get(name, name)


def outcome(name: str) -> str:
    """What came of somebody's visit."""
    names = {
        "place": _("约到了"),
        "sold_out": _("没有号了"),
        "gave_up": _("等太久，走了"),
        "failed": _("没办成"),
        "still_there": _("结束时还在等"),
    }
    return names.get(name, name)


def request(kind: str) -> str:
    """A kind of request."""
    names = {
        "districts": _("看区县"),
        "sites": _("看接种点"),
        "slots": _("看时间"),
        "hold": _("占号"),
        "confirm": _("确认占的号"),
        "book": _("直接预约"),
        "together": _("全家一起约"),
        "cancel": _("退号"),
        "move": _("改到别的时间"),
        "mine": _("看自己的预约"),
    }
    return names.get(kind, kind)


def answer(name: str) -> str:
    """What an answer was, beside its code."""
    names = {
        "slot_full": _("约满了"),
        "not_open": _("还没放号"),
        "busy": _("现在人很多"),
        "too_many_requests": _("点得太快"),
        "already_booked": _("已经约过"),
        "hold_expired": _("占号过期"),
        "no_changes_left": _("不能再改"),
        "broken": _("连接断了"),
        "no answer in time": _("没等到答复"),
    }
    status, _blank, code = name.partition(" ")
    known = names.get(name) or names.get(code)
    if known is None:
        return name
    return f"{known} ({status})" if status.isdigit() else known


def promises(found: Figures) -> list[tuple[str, int]]:
    """Each promise, and how often it was broken."""
    return [
        (_("超约的时段"), len(found["oversold"])),
        (_("丢了的确认"), len(found["lost"])),
        (_("取消了又回来的"), len(found["came_back"])),
        (_("一人约了两次的"), len(found["doubled"])),
        (_("号闸与账本不一致的时段"), len(found["drifted"])),
    ]


def advice(code: str, facts: Figures) -> str:
    """One piece of advice."""
    sentences = {
        "engine": _(
            "发请求的程序自己跟不上了（慢了 %(late_ms)s 毫秒），下面的等待有一部分是它造成的。"
            "换一台空闲的机器来发，或少来些人。"
        ),
        "carried": _("都扛住了：最忙时每秒答复 %(answers)s 次、约出 %(bookings)s 个号，没有变慢。还能来更多人。"),
        "from_busy": _("从第 %(second)s 秒起开始答“请稍后”。最忙时每秒答复 %(answers)s 次。"),
        "from_slow": _("从第 %(second)s 秒起，每 20 次答复里有 1 次超过 1 秒。最忙时每秒答复 %(answers)s 次。"),
        "from_error": _("从第 %(second)s 秒起有请求没有得到答复。最忙时每秒答复 %(answers)s 次。"),
        "workers": _(
            "网站进程：现在 %(workers)s 个，每个每秒答复 %(each)s 次、约出 %(each_books)s 个号。"
            "这么多人这样来，每秒要 %(wanted)s 次：再加 %(more)s 个，每个要一个处理器核心。"
        ),
        "machines": _(
            "网站机器：现在每秒答复 %(answers)s 次，这么多人这样来要 %(wanted)s 次，是 %(times)s 倍。按这个倍数加机器。"
        ),
        "cpu": _("处理器用了 %(percent)s%%：这台机器满了。先加核心或另加机器，再加进程。"),
        "gate": _("号闸一问要 %(ms)s 毫秒：给 Redis 一台自己的机器或核心，再多就用集群。"),
        "ledger": _("账本一问要 %(ms)s 毫秒：给 PostgreSQL 更快的盘和更多核心，只读的查询交给副本。"),
        "connections": _("账本的连接快用完了（最多 %(most)s 个）：前面放 PgBouncer，或减小 DATABASE_POOL。"),
    }
    return sentences[code] % facts


def without_an_answer(figures: Figures) -> str:
    """How many people left or were still waiting without a yes or no; empty if nobody."""
    people = figures["people"]
    heard = sum(count for name, count in people["outcomes"].items() if name in ("place", "sold_out"))
    count = people["came"] - heard
    if not count or figures["kind"] == "soak":
        return ""
    share = {"count": f"{count:,}", "percent": f"{100 * count / max(people['came'], 1):.1f}"}
    return _("%(count)s 人（%(percent)s%%）没有得到准信。") % share


def trend(name: str) -> str:
    """What is watched for growth."""
    names = {
        "memory": _("内存合计"),
        "largest process": _("最大的进程"),
        "ledger connections": _("账本的连接"),
        "gate": _("号闸的内存"),
        "drifted slots": _("不一致的时段"),
        "due jobs": _("到期的任务"),
        "oldest due job": _("最久没办的任务"),
    }
    return names.get(name, name)
