"""The order is complete: the label's picture, and what to do with the paper."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from packstation.core.station import LABEL_WAITS, Station
from packstation.core.status import Phase, PrintOutcome
from packstation.errors import PackStationError
from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.backend import Backend
from packstation.ui.controls import Card, FittedText, Label
from packstation.ui.pictures import BarcodePicture, Picture


class LabelPanel(Card):
    """Preview at the left; sentence, tracking number and the code for a reprint at the right."""

    def __init__(
        self, translator: Translator, backend: Backend, parent: QWidget | None = None
    ) -> None:
        """Make an empty panel."""
        super().__init__(None, parent)
        self._translator = translator
        self._backend = backend
        self._job: str | None = None
        self._picture = Picture(self)
        self._head = FittedText(1.6, style.TEXT, lines=2)
        self._number = Label(1.25, bold=True, colour=style.BLUE, wraps=True)
        self._hint = Label(0.95, colour=style.MUTED, wraps=True)
        self._code = BarcodePicture("PSCMDREPRINT", self)
        words = QVBoxLayout()
        words.addWidget(self._head)
        words.addWidget(self._number)
        words.addWidget(self._hint)
        words.addStretch(1)
        words.addWidget(self._code)
        row = QHBoxLayout(self)
        row.addWidget(self._picture, 2)
        row.addLayout(words, 4)
        self._row = row
        self.rescale()

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        margin = style.px(self, 14)
        self._row.setContentsMargins(margin, margin, margin, margin)
        self._row.setSpacing(margin)

    def show_station(self, station: Station) -> None:
        """Show how the label of the complete order stands."""
        label, session = station.label, station.session
        number = label.tracking_number if label else None
        self._code.setVisible(True)
        if station.phase is Phase.CONFIRMING and label is None:
            number = session.order.tracking_number if session else None
            self._head.setText(self._translator.text("Scan the label on the box"))
            self._hint.setText(
                self._translator.text("The label was printed elsewhere; its scan seals the parcel.")
            )
            self._code.setVisible(False)
        elif station.phase is Phase.CONFIRMING and label is not None and label.coded:
            self._head.setText(
                self._translator.text("Stick the label on the box and scan its small code")
            )
            self._hint.setText(self._translator.text("No label came out? Print it again:"))
        elif station.phase is Phase.CONFIRMING:
            self._head.setText(self._translator.text("Stick the label on the box and scan it"))
            self._hint.setText(self._translator.text("No label came out? Print it again:"))
        elif station.stalled and label is not None and label.outcome is PrintOutcome.BLOCKED:
            self._head.setText(self._translator.text("The printer takes nothing"))
            self._hint.setText(
                self._translator.text("Put it right: the label comes by itself. To give it up:")
            )
        elif station.stalled:
            self._head.setText(self._translator.text("The label waits in its batch"))
            self._hint.setText(self._translator.text("To print it here, give it up there:"))
        elif station.waiting in LABEL_WAITS:
            self._head.setText(self._translator.text("The label is being printed"))
            self._hint.setText("")
            self._code.setVisible(False)
        elif label is not None and label.outcome is PrintOutcome.UNKNOWN:
            self._head.setText(self._translator.text("Did a label come out?"))
            self._hint.setText(
                self._translator.text("If it did, stick it on and scan it. If not, print it again:")
            )
        else:
            self._head.setText(self._translator.text("No label came out"))
            self._hint.setText(
                self._translator.text("Check the printer, then print the label again:")
            )
        self._number.setText(number or "")
        self._ask_picture(label.job if label else None)

    def _ask_picture(self, job: str | None) -> None:
        if job == self._job:
            return
        self._job = job
        self._picture.show_text("")
        if job is not None:
            self.refresh_picture()

    def refresh_picture(self) -> None:
        """Ask for the picture of the job that is shown."""
        job = self._job
        if job is None or not self._picture.empty:
            return

        def show(answer: bytes | PackStationError) -> None:
            if job == self._job and isinstance(answer, bytes):
                self._picture.show_png(answer)

        self._backend.preview(job, show)

    def forget(self) -> None:
        """Forget the picture: it shows a person's address."""
        self._job = None
        self._picture.show_text("")
