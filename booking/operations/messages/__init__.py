"""Telling people: what is sent when, by which way, and what is done with their answers."""
