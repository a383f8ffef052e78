#!/usr/bin/env python3
"""核对一次摇号：用公布的文件重新摇一遍。Check a draw: run it again from the published file.

    python3 verify_draw.py draw.jsonl
    python3 verify_draw.py draw.jsonl --code 7Q2M-88KD-0PZX-41TR

只要 Python 3.8 以上，不用安装别的。摇号前公布过的两个摘要可以一起核对：
Needs Python 3.8 or later and nothing else. What was published before the draw can be compared as well:

    --commitment HEX       种子的摘要，公布摇号时给出      of the seed, given when the draw was announced
    --entries-digest HEX   登记名单的摘要，截止时给出      of the entries, given when they closed

THE FILE. Each line is a JSON object: keys in order, no spaces, UTF-8. First the announcement ("draw"), the places of
each slot ("places"), everybody who entered ("entry"), and a line "closed" with SHA-256 of all bytes before it. Up to
here it was published before anybody could know the public value. Then the seed and the public value ("drawn"), a line
for each result ("result"), and a line "end" with SHA-256 of all bytes before it.

THE DRAW. 1. A ticket is SHA-256 of: the seed, a line feed, the public value, a line feed, the entry's line.
2. Whoever lost more earlier rounds comes first (three count as much as any more), then whoever has the smaller ticket.
3. In that order each gets: of the sites they want, in their order, the first with a place left on a day that would do
(no days: every day); there the earliest such day; on it the slot with the most places left, of several the one with the
smallest number. If there is none and any site would do: of all sites with a place left on a day that would do, the one
with the most places left on all days together, of several the one with the smallest code; day and slot as before.
"""

import argparse
import gzip
import hashlib
import json
import sys


class Wrong(Exception):
    """The file does not hold what it promises."""


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def write(row):
    """The one way in which a line is written, with its line feed."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8") + b"\n"


def read(data):
    """The rows of the file with the bytes of each."""
    lines = data.splitlines(keepends=True) if b"\r" not in data else []
    if not lines:
        raise Wrong("文件是空的，或换行被改过。 The file is empty, or its line ends were changed.")
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line.decode("utf-8"))
        except ValueError:
            raise Wrong(f"第 {number} 行读不了。 Line {number} cannot be read.") from None
        if not isinstance(row, dict) or write(row) != line:
            raise Wrong(f"第 {number} 行的写法不对。 Line {number} is not written as it must be.")
        rows.append((row, line))
    return rows


def sorted_out(rows):
    """Announcement, places, entries, closing, seed and value: what stands in the file before the results."""
    kinds = [row.get("kind") for row, _ in rows]
    places = kinds.count("places")
    entries = kinds.count("entry")
    right = ["draw"] + ["places"] * places + ["entry"] * entries + ["closed", "drawn"] + ["result"] * entries + ["end"]
    if kinds != right:
        raise Wrong("缺了几行，或次序不对。 Lines are missing, or not in their order.")
    first, last = 1 + places, 1 + places + entries
    return rows[0][0], rows[1:first], rows[first:last], rows[last][0], rows[last + 1][0], rows[last + 1 :]


def check_list(data, announced, places, entries, closed):
    """What was published when the entries closed."""
    if announced["format"] != 1 or announced["algorithm"] != "draw-1":
        raise Wrong("这个程序不认识这种摇号。 This program does not know this kind of draw.")
    body = data[: data.index(b"\n" + write(closed)) + 1]
    counts = (closed["slots"], closed["entries"])
    if sha256(body) != closed["sha256"] or counts != (len(places), len(entries)):
        raise Wrong("登记名单和它的摘要不符。 The list of entries does not fit its digest.")
    slots = [row["slot"] for row, _ in places]
    names = [row["entry"] for row, _ in entries]
    if slots != sorted(set(slots)) or names != sorted(set(names)):
        raise Wrong("名单次序不对，或有重复。 The list is not in order, or something is in it twice.")
    if any(type(row["places"]) is not int or row["places"] < 1 for row, _ in places):
        raise Wrong("有一个时段的号数不对。 A slot has no proper number of places.")
    for row, _ in entries:
        if type(row["rounds_lost"]) is not int or not 0 <= row["rounds_lost"] <= 3:
            raise Wrong("有一行的落选轮数不对。 An entry has no proper number of lost rounds.")


def run_again(seed, value, places, entries):
    """[(entry, slot or None)] in the order in which they come."""
    drum = []
    for row, line in entries:
        ticket = sha256(f"{seed}\n{value}\n".encode() + line[:-1])
        drum.append((-row["rounds_lost"], ticket, row["entry"], row))
    drum.sort(key=lambda one: one[:3])

    left = {}  # slot: places left
    slots_on = {}  # (site, day): slots
    days_at = {}  # site: days
    total = {}  # site: places left on all days
    for row, _ in places:
        site, day, slot = row["site"], row["day"], row["slot"]
        left[slot] = row["places"]
        slots_on.setdefault((site, day), []).append(slot)
        days_at.setdefault(site, set()).add(day)
        total[site] = total.get(site, 0) + row["places"]
    on_day = {key: sum(left[slot] for slot in slots) for key, slots in slots_on.items()}
    codes = sorted(total, key=lambda code: code.encode("utf-8"))

    def first_day(site, wanted):
        days = wanted or days_at.get(site, ())
        return min((day for day in days if on_day.get((site, day), 0) > 0), default=None)

    results = []
    for _, _, name, row in drum:
        wanted = row["days"]
        site = next((one for one in row["sites"] if first_day(one, wanted) is not None), None)
        if site is None and row["any_site"]:
            for code in codes:
                if total[code] > (total[site] if site else 0) and first_day(code, wanted) is not None:
                    site = code
        slot = None
        if site is not None:
            day = first_day(site, wanted)
            slot = min(slots_on[site, day], key=lambda number: (-left[number], number))
            left[slot] -= 1
            on_day[site, day] -= 1
            total[site] -= 1
        results.append((name, slot))
    return results


def check(data, commitment, entries_digest):
    """Everything; returns the announcement, the places and the results."""
    announced, places, entries, closed, drawn, outcome = sorted_out(read(data))
    check_list(data, announced, places, entries, closed)
    if sha256(drawn["seed"].encode("utf-8")) != announced["commitment"]:
        raise Wrong("种子和它的摘要不符。 The seed does not fit its commitment.")
    if commitment and commitment != announced["commitment"]:
        raise Wrong("种子的摘要不是公布的那个。 The commitment is not the one that was published.")
    if entries_digest and entries_digest != closed["sha256"]:
        raise Wrong("登记名单不是截止时的那份。 The entries are not those that were closed.")
    results = run_again(drawn["seed"], drawn["public_value"], places, entries)
    made = [write({"kind": "drawn", "public_value": drawn["public_value"], "seed": drawn["seed"]})]
    for rank, (name, slot) in enumerate(results, 1):
        made.append(write({"entry": name, "kind": "result", "rank": rank, "slot": slot}))
    placed = sum(slot is not None for _, slot in results)
    before = data[: data.rindex(outcome[-1][1])]
    end = {"kind": "end", "not_placed": len(results) - placed, "placed": placed, "sha256": sha256(before)}
    made.append(write(end))
    if made != [line for _, line in outcome]:
        raise Wrong("重新摇出的结果和文件里的不同。 Drawn again, it comes out otherwise than the file says.")
    return announced, closed, drawn, {row["slot"]: row for row, _ in places}, results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--code")
    parser.add_argument("--commitment", default="")
    parser.add_argument("--entries-digest", default="")
    options = parser.parse_args()
    sys.stdout.reconfigure(errors="replace")
    with open(options.file, "rb") as file:
        data = file.read()
    try:
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        announced, closed, drawn, places, results = check(data, options.commitment, options.entries_digest)
    except Wrong as wrong:
        sys.exit(f"不对。 NOT RIGHT. {wrong}")
    except (AttributeError, EOFError, KeyError, OSError, TypeError, ValueError) as error:
        sys.exit(f"不对。 NOT RIGHT. 有一项缺了或写错了。 Something is missing or malformed: {error!r}")
    placed = sum(slot is not None for _, slot in results)
    print(f"核对无误。 RIGHT. {announced['name']} / {announced['name_en']}")
    print(f"登记 entries {len(results)}, 中签 placed {placed}")
    print(f"种子的摘要 commitment      {announced['commitment']}")
    print(f"名单的摘要 entries digest  {closed['sha256']}")
    print(f"公开数值 public value      {drawn['public_value']}  ({announced['public_source_en']})")
    print(f"文件的摘要 SHA-256 of file {sha256(data)}")
    print("请和摇号前公布的对照。 Compare these with what was published before the draw.")
    if options.code:
        code = options.code.upper().translate(str.maketrans("OIL", "011", "- "))
        name = sha256(f"{announced['draw']}\n{code}".encode())
        for rank, (entry, slot) in enumerate(results, 1):
            if entry == name:
                where = "{site} {day} {time}".format(**places[slot]) if slot is not None else "未中签 no place"
                print(f"您的登记 your entry: 名次 rank {rank}, {where}")
                return
        sys.exit("名单里没有这个登记号。 No entry has this code.")


if __name__ == "__main__":
    main()
