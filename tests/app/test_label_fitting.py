"""What was drawn fitted is printed only where a person agreed to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from packstation.app.outlets import draw_page
from packstation.errors import ComposeError
from packstation.exchange.page_drawing import packed
from packstation.ports import PageContent
from packstation.printing.bitmap import Bitmap
from tests.exchange.test_page_fitting import NUMBER, SHAPES, content_of


def test_dots_drawn_before_the_word_was_given_are_not_printed(tmp_path: Path) -> None:
    ahead = Bitmap.from_dots(np.eye(1200, 800, dtype=np.bool_))
    content = content_of(tmp_path, SHAPES[2][0])
    page = PageContent(
        "p", "pdf", content, 140, 140, (), packed(ahead), "8:800x1200:fitted", number=NUMBER
    )
    with pytest.raises(ComposeError) as refused:
        draw_page(page, 8, 800, 1200)
    assert refused.value.code == "labels.other_shape"
    agreed = replace(page, fitted=True)
    assert draw_page(agreed, 8, 800, 1200).rows.tobytes() == ahead.rows.tobytes()
    assert draw_page(agreed, 12, 1200, 1800).width == 1200, "another printer: drawn now"
