"""Measurements beside named peers; run by hand, see the README."""
