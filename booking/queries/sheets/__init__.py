"""Tables that leave as a file, and their columns, which are also those of the files that come in."""
