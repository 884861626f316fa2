"""What the orders page does with orders: asks what must be asked, does it, says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtWidgets import QInputDialog, QWidget

from packstation.core.order_query import OrderFound
from packstation.core.orders import HoldReason, OrderKey
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui.ask_dialogs import AskDialog, BadgeDialog
from packstation.ui.backend import Backend, Reply
from packstation.ui.backend_orders import ActionReport, OrderDetails
from packstation.ui.deadline_dialog import DeadlineDialog
from packstation.ui.order_words import CONSEQUENCES, HOLDS, INSTEAD
from packstation.ui.texts import explain_error

T = TypeVar("T")

CANCEL_REASONS: dict[str, str] = {
    "out_of_stock": _("The goods are not there"),
    "buyer_asked": _("The buyer asked for it"),
    "wrong_price": _("The price was wrong"),
    "cannot_deliver": _("Nobody delivers there"),
}
"""Why a seller cancels: stable words."""
NOT_ENTITLED = "people.not_entitled"


class OrderActions:
    """Carries out what the page's buttons want; every way ends in ``say`` and ``refresh``."""

    def __init__(
        self,
        page: QWidget,
        translator: Translator,
        backend: Backend,
        say: Callable[[str, bool], None],
        refresh: Callable[[], None],
    ) -> None:
        """Bind to a page.

        Args:
            page: Owner of the dialogs.
            translator: Says the words.
            backend: Does it.
            say: Shows a sentence; True = it went wrong.
            refresh: Asks for the list again.
        """
        self._page, self._translator, self._backend = page, translator, backend
        self._say, self._refresh = say, refresh

    # How everything is asked

    def _ask(
        self,
        title: str,
        question: str,
        answers: Sequence[tuple[str, str]],
        then: Callable[[str], None],
        *,
        main: str = "",
    ) -> None:
        window = self._page.window()
        dialog = AskDialog(title, question, answers, self._translator, window, main=main)
        dialog.answered.connect(then)
        dialog.open()

    def _do(self, call: Callable[[str, Reply[T]], None], done: Callable[[T], None]) -> None:
        """Do something; where it needs a supervisor, ask for the badge and try once more."""

        def answered(answer: T | PackStationError, *, again: bool) -> None:
            if not isinstance(answer, PackStationError):
                done(answer)
                self._refresh()
            elif answer.code == NOT_ENTITLED and not again:
                self._with_badge(answer, lambda badge: call(badge, second))
            else:
                words = explain_error(answer, self._translator)
                self._say(f"{words.sentence} {words.fix}".strip(), True)
                self._refresh()

        def first(answer: T | PackStationError) -> None:
            answered(answer, again=False)

        def second(answer: T | PackStationError) -> None:
            answered(answer, again=True)

        call("", first)

    def _with_badge(self, error: PackStationError, then: Callable[[str], None]) -> None:
        words = explain_error(error, self._translator)
        dialog = BadgeDialog(words.sentence, self._translator, self._page.window())
        dialog.given.connect(then)
        dialog.open()

    def _many(
        self, call: Callable[[str, Reply[ActionReport]], None], words: Callable[[int], str]
    ) -> None:
        def tell(report: ActionReport) -> None:
            said = words(len(report.done))
            if report.refused:
                key, error = report.refused[0]
                why = explain_error(error, self._translator).sentence
                said += " " + self._translator.plural(
                    "{count} was left as it is: {number}: {why}",
                    "{count} were left as they are; the first is {number}: {why}",
                    len(report.refused),
                    number=key.partition("/")[2],
                    why=why,
                )
            self._say(said, bool(report.refused))

        def over_badge(badge: str, reply: Reply[ActionReport]) -> None:
            def seen(answer: ActionReport | PackStationError) -> None:
                # Where nothing was allowed at all, a badge may help.
                if (
                    isinstance(answer, ActionReport)
                    and not answer.done
                    and answer.refused
                    and answer.refused[0][1].code == NOT_ENTITLED
                ):
                    reply(answer.refused[0][1])
                else:
                    reply(answer)

            call(badge, seen)

        self._do(over_badge, tell)

    def _told(self, text: str) -> Callable[[None], None]:
        return lambda _answer: self._say(text, False)

    # Several orders

    def hold(self, keys: Sequence[OrderKey]) -> None:
        """Hold orders, after asking why."""
        said = self._translator

        def then(word: str) -> None:
            self._many(
                lambda badge, reply: self._backend.hold_orders(
                    keys, HoldReason(word), badge, reply
                ),
                lambda count: said.plural("{count} order held.", "{count} orders held.", count),
            )

        reasons = [(r.value, said.text(w)) for r, w in HOLDS.items() if r is not _NEVER_BY_HAND]
        title = said.plural("Why hold this order?", "Why hold these {count} orders?", len(keys))
        self._ask(title, "", reasons, then)

    def release(self, keys: Sequence[OrderKey]) -> None:
        """Release held orders."""
        said = self._translator
        self._many(
            lambda badge, reply: self._backend.release_orders(keys, badge, reply),
            lambda count: said.plural("{count} order released.", "{count} orders released.", count),
        )

    def merge(self, keys: Sequence[OrderKey]) -> None:
        """Put orders into one parcel."""
        said = self._translator

        def then(merged: OrderKey) -> None:
            number = merged.partition("/")[2]
            self._say(said.text("They travel in one parcel now: {number}.", number=number), False)

        self._do(lambda badge, reply: self._backend.merge(keys, badge, reply), then)

    def merge_groups(self, groups: Sequence[Sequence[OrderKey]]) -> None:
        """Put the orders of each group into one parcel, group by group; says the sum at the end."""
        said, rest = self._translator, list(groups)
        done: list[OrderKey] = []
        refused: list[PackStationError] = []

        def answered(answer: OrderKey | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                refused.append(answer)
            else:
                done.append(answer)
            following()

        def following() -> None:
            if rest:
                self._backend.merge(rest.pop(0), "", answered)
                return
            text = said.plural("{count} shared parcel.", "{count} shared parcels.", len(done))
            if refused:
                words = explain_error(refused[0], said)
                text = f"{text} {words.sentence} {words.fix}".strip()
            self._say(text, bool(refused))
            self._refresh()

        following()

    # One order

    def one(self, word: str, row: OrderFound, details: OrderDetails | None) -> None:
        """Do what a button of the details wants."""
        key, number = row.key, row.order_id
        backend, said = self._backend, self._translator

        match word:
            case "why":
                DeadlineDialog(key, said, backend, self._page.window()).open()
            case "accept" | "reject":
                accept = word == "accept"
                text = (
                    said.text("The cancellation of {number} is accepted.", number=number)
                    if accept
                    else said.text("The cancellation of {number} is turned down.", number=number)
                )
                self._do(
                    lambda badge, reply: backend.answer_cancellation(key, accept, badge, reply),
                    self._told(text),
                )
            case "recall":
                text = said.text("Take parcel {number} out of its bag now.", number=number)
                self._do(lambda badge, reply: backend.recall(key, badge, reply), self._told(text))
            case "apart":
                text = said.text("{number} is taken apart.", number=number)
                self._do(
                    lambda badge, reply: backend.take_apart(key, badge, reply), self._told(text)
                )
            case "cancel":
                self._cancel(row, details)
            case "short" | "split" if details is not None:
                self._choose_line(word, row, details)
            case _:
                pass

    def _cancel(self, row: OrderFound, details: OrderDetails | None) -> None:
        said, number = self._translator, row.order_id
        question = said.text("Order {number} will be cancelled in the shop.", number=number)
        if details is not None and details.cancel_consequence in CONSEQUENCES:
            question += " " + said.text(CONSEQUENCES[details.cancel_consequence])
            instead = [said.text(INSTEAD[w]) for w in details.cancel_instead if w in INSTEAD]
            if instead:
                words = said.text(" or ").join(instead)
                question += " " + said.text("Better: {words}.", words=words)
        answers = [("hold", said.text("Hold it instead"))]
        answers += [(word, said.text(text)) for word, text in CANCEL_REASONS.items()]

        def then(word: str) -> None:
            if word == "hold":
                self.hold((row.key,))
                return
            self._do(
                lambda badge, reply: self._backend.cancel_order(row.key, word, badge, reply),
                self._told(said.text("Order {number} is cancelled.", number=number)),
            )

        self._ask(said.text("Cancel the order"), question, answers, then, main="hold")

    def _choose_line(self, word: str, row: OrderFound, details: OrderDetails) -> None:
        said = self._translator
        answers = [
            (line.line_key, f"{line.quantity} × {line.title} {line.spec or ''}".strip())
            for line in details.lines
        ]
        lines = {line.line_key: line for line in details.lines}
        if word == "short":
            title = said.text("What is missing?")
        else:
            title = said.text("What goes into the first parcel?")

        def then(chosen: str) -> None:
            line = next(line for key, line in lines.items() if key == chosen)
            units, sure = line.quantity, True
            if line.quantity > 1:
                units, sure = QInputDialog.getInt(
                    self._page.window(), title, said.text("Units"), line.quantity, 1, line.quantity
                )
            if not sure:
                return
            if word == "short":
                text = said.text("Order {number} is held: items missing.", number=row.order_id)
                self._do(
                    lambda _badge, reply: self._backend.short_pick(
                        row.key, line.sku or line.title, units, reply
                    ),
                    self._told(text),
                )
            else:
                text = said.text("Order {number} travels in two parcels.", number=row.order_id)
                self._do(
                    lambda badge, reply: self._backend.split_off(
                        row.key, ((line.line_key, units),), badge, reply
                    ),
                    self._told(text),
                )

        self._ask(title, "", answers, then)


_NEVER_BY_HAND = HoldReason.CANCEL_REJECTED
