"""Printers, scanners and what stands in for them."""
