"""Some of the runs, one after the other, in an installation of their own: `python -m tests.faults.chance.lane`.

Prints a line of JSON for each. Started by tests.faults.chance.runs.
"""

import json
import sys
from dataclasses import asdict

from tests.faults.chance.city import chance_city, make_people


def main(seed: int, first: int, step: int, last: int, without_guard: bool) -> None:
    """The runs `first`, `first + step` … up to `last`; ends with the first that breaks a promise."""
    with chance_city() as city:
        from tests.faults.chance.run import Rusher

        if without_guard:
            from tests.faults.chance.twin import remove_the_guard

            remove_the_guard()
        rusher = Rusher(city, make_people(), seed)
        for number in range(first, last + 1, step):
            report = rusher.run(number)
            sys.stdout.write(json.dumps(asdict(report)) + "\n")
            sys.stdout.flush()
            if report.broken:
                sys.stdout.write(json.dumps({"web": city.web_log()[-4000:]}) + "\n")
                return


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]), bool(int(sys.argv[5])))  # type: ignore[misc]
