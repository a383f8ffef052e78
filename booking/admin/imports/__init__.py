"""Files in and out: uploaded, checked row by row, taken in."""
