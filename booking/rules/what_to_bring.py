"""What somebody brings to the door, by document and age."""

_GROWN_UP = 18
# A child's doses are written into the booklet; a grown-up may have none.
BOOKLET, BOOKLET_IF_ANY, GUARDIAN, SLEEVE, TIME = "booklet", "booklet_if_any", "guardian", "sleeve", "time"


def what_to_bring(*, document_type: str, age: int) -> tuple[str, ...]:
    """The document type itself, then booklet, guardian, clothes and time, as codes. `age` in completed years."""
    if age < _GROWN_UP:
        return (document_type, BOOKLET, GUARDIAN, SLEEVE, TIME)
    return (document_type, BOOKLET_IF_ANY, SLEEVE, TIME)
