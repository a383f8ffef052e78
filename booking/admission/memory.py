"""How much the gate keeps."""

from booking.admission.connection import connection


def used_bytes() -> int:
    """Bytes that Redis says it uses; of a cluster, all its nodes together. Raises GateDown."""
    found = connection().information("memory")
    return sum(int(of_node["used_memory"]) for of_node in found)
