"""Fills a demonstration or a rehearsal: programmes, slots and people that are all made up."""
