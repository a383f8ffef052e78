"""When people come, how many of them there are for each place, and how they behave: from surges that were published.

Sources, and what is taken from each:

* Onondaga county, New York, February 2021 (govtech.com, "NY county vaccine website crashes as demand surges"): 900
  places, 767,000 clicks in 45 minutes, some 70,000 people entitled, gone "in minutes". Eleven clicks for each person
  who might have come, at the least.
* San Antonio, January 2021 (CNN, "Vaccine registration sites are ... filling up in minutes"): 9,000 places in six
  minutes; Miami-Dade in twenty.
* Washington DC, March 2021 (tiff.is, "COVID vaccines and the high-availability websites that distribute them"): 30,000
  people at once for some 4,000 places: 7.5 people for a place, all of them there at the moment of release.
* India's CoWIN, 28 April 2021 (Outlook, Business Today, Mint): opened at 16:00; 3.5 million registered in the first
  hour, 8 million in three, 13.2 million by midnight; 383 million calls in those three hours, which is 48 for each who
  registered, and 2.7 million a minute at the peak, 1.3 times the mean.
* France, 12 July 2021 (BFM, Europe 1, RTL): 926,000 bookings in an evening, 20,000 a minute at the peak, five times the
  mean; 14 million requests a minute from 500,000 to 900,000 visitors: sixteen to twenty-eight a minute from each, files
  of the page included.
* MyHealthAccess, "When do patients book online" (junoemr.com): on an ordinary day requests begin after six, are most at
  nine, fall slowly towards midnight, and rise once more between nine and ten in the evening; 42 % lie outside the hours
  of a practice's telephone.
* Online scheduling of a practice over twelve weeks (doi of PubMed 39430692): of 100 acts 77 book, 13 move, 10 cancel.

Nobody has published how many wait on the page before a release, how long a person thinks over a page and when they give
up; these are ours: the shares and seconds below that name no source.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

# (share of the time since the release, share of the people who have come by then)
_COWIN = ((0.0, 0.0), (1 / 8, 3.5 / 13.2), (3 / 8, 8.0 / 13.2), (1.0, 1.0))
# Six minutes of Onondaga's forty-five in which whatever there is goes; who comes later comes in vain.
_SCARCE = ((0.0, 0.0), (2 / 45, 0.45), (6 / 45, 0.75), (20 / 45, 0.93), (1.0, 1.0))
# Midnight to midnight: nothing before six, most at nine, a second small rise at half past nine in the evening.
_DAY = (
    (0.0, 0.0), (6 / 24, 0.02), (8 / 24, 0.12), (9 / 24, 0.22), (10 / 24, 0.32), (12 / 24, 0.48), (14 / 24, 0.61),
    (17 / 24, 0.76), (20 / 24, 0.87), (21 / 24, 0.90), (22 / 24, 0.95), (1.0, 1.0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Curve:
    """One kind of day. Seconds are a person's own; shares are of all people."""

    name: str
    # Places for each person who comes.
    places_a_person: float
    # Who is on the page before the release and presses in its very moment.
    early: float
    course: Sequence[tuple[float, float]]
    # Between two looks of somebody who waits for the release or for a place.
    reload: tuple[float, float]
    # After so many seconds without an answer an impatient person loads the page again; so many are impatient.
    impatience: float
    impatient: float
    # How often somebody who finds a time full takes another, and for how long they try at all.
    tries: int
    gives_up: float
    # Between two pages.
    think: tuple[float, float]
    # Of those who have a place.
    cancels: float
    moves: float
    # Keeps the place first and confirms it, as the pages do; the others book at once, as the city app may.
    holds: float = 0.5
    minutes: int = 10

    def arrivals(self, people: int, dice: Random, *, before: float, seconds: float) -> list[float]:
        """The moments in which people come, in order; the release is at 0, the first come so long before it."""
        early = round(people * self.early)
        moments = [-before * dice.random() ** 2 for _ in range(early)]
        moments += [self._moment(dice.random()) * seconds for _ in range(people - early)]
        return sorted(moments)

    def _moment(self, share: float) -> float:
        for (t0, s0), (t1, s1) in pairwise(self.course):
            if share <= s1:
                return t0 + (t1 - t0) * (share - s0) / (s1 - s0)
        return 1.0


ORDINARY = Curve(
    "ordinary", places_a_person=1.5, early=0.0, course=_DAY, reload=(4, 12), impatience=8, impatient=0.2, tries=4,
    gives_up=180, think=(2, 8), cancels=10 / 77, moves=13 / 77, holds=0.7, minutes=15,
)  # fmt: skip
OUTBREAK = Curve(
    "outbreak", places_a_person=0.6, early=0.15, course=_COWIN, reload=(2, 8), impatience=5, impatient=0.4, tries=8,
    gives_up=300, think=(1, 5), cancels=0.03, moves=0.03,
)  # fmt: skip
SCARCE = Curve(
    "scarce", places_a_person=4 / 30, early=0.5, course=_SCARCE, reload=(1.5, 6), impatience=4, impatient=0.5, tries=6,
    gives_up=240, think=(0.5, 3), cancels=0.02, moves=0.01,
)  # fmt: skip
CURVES = {curve.name: curve for curve in (ORDINARY, OUTBREAK, SCARCE)}
