"""The queue of a release: a page that is the same for everybody, and joining."""
