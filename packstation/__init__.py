"""PackStation: the packing station for shops that ship by the thousand."""

__version__ = "0.1.0"
