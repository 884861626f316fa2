"""Qt's own words (its file dialogs, OK and Cancel) in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

from packstation.i18n import CHINESE

_FILE = "qtbase_zh_CN"


class QtWords:
    """Follows the window's language; English is what Qt says without help."""

    def __init__(self) -> None:
        """Read Qt's Chinese once."""
        self._chinese = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        self._known = self._chinese.load(_FILE, folder)
        self._installed = False

    def speak(self, language: str) -> None:
        """Take another language; nothing happens where Qt came without its texts."""
        wanted = self._known and language == CHINESE
        if wanted and not self._installed:
            self._installed = QCoreApplication.installTranslator(self._chinese)
        elif not wanted and self._installed:
            QCoreApplication.removeTranslator(self._chinese)
            self._installed = False

    def close(self) -> None:
        """Leave the application as it was."""
        self.speak("")
