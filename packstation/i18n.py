"""Words in the language of the user: gettext catalogs, handed down as a ``Translator``.

Source strings are English. A translation is used only when it names the same placeholders;
otherwise the English sentence is shown, for a wrong fact is worse than a foreign word.
"""

from __future__ import annotations

import gettext
import locale
import logging
import os
import re
import struct
import sys
from collections.abc import Callable
from pathlib import Path

from packstation.paths import resources

log = logging.getLogger(__name__)

ENGLISH = "en"
CHINESE = "zh_CN"
STRETCHED = "en_XA"
"""A third longer than English and accented: finds clipped words and words never translated."""

SHIPPED = (CHINESE, ENGLISH)
"""Languages that a user may choose; every text exists in each of them."""
LANGUAGES = (*SHIPPED, STRETCHED)
DOMAIN = "packstation"

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_ACCENTS = str.maketrans("AEIOUYaeiouycnrs", "ÀÉÎÕÛÝàéîõûýçñŕš")


def _(message: str) -> str:
    """Mark a sentence for translation where it stands as data; ``Translator.text`` says it.

    >>> _("WRONG ITEM")
    'WRONG ITEM'
    """
    return message


def placeholders(message: str) -> frozenset[str]:
    """Return the names in braces of a sentence.

    >>> sorted(placeholders("{scanned} of {needed}"))
    ['needed', 'scanned']
    """
    return frozenset(_PLACEHOLDER.findall(message))


def fits(translation: str, *messages: str) -> bool:
    """Tell whether a translation has the placeholders of its English sentence and no other brace.

    Args:
        translation: In any language.
        messages: The English sentence; for a plural its singular too, whose names are enough.

    >>> fits("共 {units} 件", "{units} units"), fits("共 {unit} 件", "{units} units")
    (True, False)
    >>> fits("{0}", "none")
    False
    """
    bare = _PLACEHOLDER.sub("", translation)
    names = [placeholders(message) for message in messages]
    return "{" not in bare and "}" not in bare and placeholders(translation) in names


def filled(message: str, values: dict[str, object]) -> str:
    """Return a sentence with its placeholders filled; a value is text, never a template.

    >>> filled("{code} is not known.", {"code": "{order}"})
    '{order} is not known.'
    >>> filled("{code} is not known.", {})
    '{code} is not known.'
    """

    def fill(match: re.Match[str]) -> str:
        value = values.get(match[1])
        return match[0] if value is None else str(value)

    return _PLACEHOLDER.sub(fill, message)


def stretched(message: str) -> str:
    """Return a sentence of the test language: accented, bracketed and a third longer.

    >>> stretched("Seal {bag}")
    '[Séàl {bag} ~~~~]'
    """
    parts = _PLACEHOLDER.split(message)
    accented = (
        "{" + part + "}" if index % 2 else part.translate(_ACCENTS)
        for index, part in enumerate(parts)
    )
    return "[" + "".join(accented) + " " + "~" * (len(message) // 3 + 1) + "]"


def language_of(name: str | None) -> str:
    """Return the shipped language that suits a system's name of one.

    >>> [language_of(name) for name in ("zh-Hans-CN", "zh_TW.UTF-8", "de_DE", None)]
    ['zh_CN', 'zh_CN', 'en', 'en']
    """
    return CHINESE if name is not None and name.lower().startswith(("zh", "chinese")) else ENGLISH


def system_language() -> str:
    """Return the language of the computer: Chinese where it is any Chinese, else English."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(variable):
            return language_of(os.environ[variable])
    if sys.platform == "win32":  # pragma: no cover - Windows only
        import ctypes

        windows = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return language_of(locale.windows_locale.get(windows))
    return language_of(locale.getlocale()[0])


class Translator:
    """Says English sentences in the language that is set; handed down, never reached for.

    The language may change while the program runs: ask again for every sentence shown.
    """

    def __init__(self, language: str | None = None, *, folder: Path | None = None) -> None:
        """Load a language.

        Args:
            language: One of ``LANGUAGES``; None = that of the system.
            folder: Where ``zh_CN/LC_MESSAGES/packstation.mo`` lies; None = the program's own.
        """
        self._folder = folder or resources() / "locale"
        self._catalog: gettext.NullTranslations = gettext.NullTranslations()
        self._said: dict[tuple[str, ...], str] = {}
        self.language = ENGLISH
        """The language that is set."""
        self.set_language(language or system_language())

    @property
    def paper_language(self) -> str:
        """The name of this language in the word table of the printed papers."""
        return "zh" if self.language == CHINESE else "en"

    def set_language(self, language: str) -> None:
        """Say everything in another language from now on.

        A language that is not shipped, or whose catalog cannot be read, leaves English.
        """
        self._said.clear()
        self._catalog = gettext.NullTranslations()
        self.language = language if language in LANGUAGES else ENGLISH
        if self.language != language:
            log.warning("language not known, English is shown", extra={"language": language})
        if self.language != CHINESE:
            return
        path = self._folder / self.language / "LC_MESSAGES" / f"{DOMAIN}.mo"
        try:
            with path.open("rb") as file:
                self._catalog = gettext.GNUTranslations(file)
        except (OSError, ValueError, struct.error) as error:
            log.warning("catalog not readable, English is shown", extra={"reason": str(error)})

    def text(self, msgid: str, /, **values: object) -> str:
        """Return a sentence in the language that is set.

        Args:
            msgid: The English sentence, a literal so that it can be found for translation.
            values: What stands in its placeholders.
        """
        if not msgid:
            return ""
        return filled(self._checked((msgid,), lambda: self._catalog.gettext(msgid)), {**values})

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """Return the sentence for a count, which fills ``{count}``.

        Args:
            one: English singular, a literal.
            many: English plural, a literal.
            count: Chooses the form.
            values: What stands in the other placeholders.
        """
        english = one if count == 1 else many
        form = self._checked((english, one, many), lambda: self._catalog.ngettext(one, many, count))
        return filled(form, {"count": count, **values})

    def _checked(self, messages: tuple[str, ...], translate: Callable[[], str]) -> str:
        """Return the translation when its placeholders fit, else English; looked up once."""
        said = self._said.get(messages)
        if said is None:
            said = stretched(messages[0]) if self.language == STRETCHED else translate()
            if not fits(said, *messages):
                log.warning("translation refused", extra={"msgid": messages[0]})
                said = messages[0]
            self._said[messages] = said
        return said
