"""Draws for citizens: what there is, entering, the own entry, the result and how to check it."""
