"""Composition: the one room that knows every other and builds their objects."""
