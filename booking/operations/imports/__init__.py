"""Files that come in: read, checked row by row, taken in, dropped."""
