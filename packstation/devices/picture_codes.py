"""Barcodes in a still picture: PNG or JPEG bytes to the texts that are in it."""

from __future__ import annotations

from packstation.printing.code_reader import codes_in


def codes_in_picture(picture: bytes) -> list[str]:
    """Return the text of every code in a picture; an unreadable picture has none."""
    import os

    import cv2
    import numpy as np

    # opencv-python points Qt at its own old plugins when it is imported.
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        os.environ.pop(name, None)
    grey = cv2.imdecode(np.frombuffer(picture, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        return []
    return [found.text for found in codes_in(grey.astype(np.uint8))]
