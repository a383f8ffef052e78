"""From the coordinates that we store (WGS 84) to those that maps in China draw by (GCJ-02)."""

from math import cos, pi, sin, sqrt

# The ellipsoid of the Chinese offset: Krasovsky 1940, half its long axis in metres and its eccentricity squared.
_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323


def gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """(longitude, latitude) in GCJ-02; in China a few hundred metres away, elsewhere the same. Degrees."""
    if not (73.66 < longitude < 135.05 and 3.86 < latitude < 53.55):
        return longitude, latitude
    x, y = longitude - 105.0, latitude - 35.0
    north = sin(latitude * pi / 180.0)
    curve = 1 - _ECCENTRICITY * north * north
    metres_north = _AXIS * (1 - _ECCENTRICITY) / (curve * sqrt(curve)) * pi / 180.0
    metres_east = _AXIS / sqrt(curve) * cos(latitude * pi / 180.0) * pi / 180.0
    return longitude + _east(x, y) / metres_east, latitude + _north(x, y) / metres_north


def _waves(value: float, *sizes_and_lengths: tuple[float, float]) -> float:
    return sum(size * sin(value * pi / length) for size, length in sizes_and_lengths) * 2.0 / 3.0


def _east(x: float, y: float) -> float:
    """The offset to the east in metres, x and y degrees from 105° E, 35° N."""
    plain = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    ripple = _waves(x, (20.0, 1 / 6), (20.0, 1 / 2))
    return plain + ripple + _waves(x, (20.0, 1.0), (40.0, 3.0)) + _waves(x, (150.0, 12.0), (300.0, 30.0))


def _north(x: float, y: float) -> float:
    """The offset to the north in metres."""
    plain = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    ripple = _waves(x, (20.0, 1 / 6), (20.0, 1 / 2))
    return plain + ripple + _waves(y, (20.0, 1.0), (40.0, 3.0)) + _waves(y, (160.0, 12.0), (320.0, 30.0))
