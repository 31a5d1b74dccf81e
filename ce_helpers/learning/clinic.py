"""The error clinic: judge a call, then see what torch does with it."""

import ipywidgets as widgets

from ce_helpers.learning.cards import CARDS, GROUPS, OUTCOMES, Card
from ce_helpers.live.guarded import GuardedWidget
from ce_helpers.markup import Html, tag


class ErrorClinic:
    """All cards, and which of them were judged rightly.

    Example:
        >>> clinic = ErrorClinic()
        >>> deck = clinic.deck("shape")
        >>> deck.outcome_buttons["raises"].click()
        >>> print(clinic.progress())
        1 of 26 cards answered, 1 judged rightly.
    """

    def __init__(self) -> None:
        self.judged: dict[str, bool] = {}
        self.progress_line = widgets.HTML(self.progress())

    def deck(self, group: str) -> "Deck":
        """A widget with the cards of one group.

        Raises:
            ValueError: an unknown group.
        """
        if group not in GROUPS:
            raise ValueError(f"there is no group {group!r}; the groups are {', '.join(GROUPS)}.")
        return Deck(self, [key for key, card in CARDS.items() if card.group == group])

    def progress(self) -> str:
        """How many cards were answered, and how many rightly."""
        return (
            f"{len(self.judged)} of {len(CARDS)} cards answered, "
            f"{sum(self.judged.values())} judged rightly."
        )

    def record(self, key: str, is_right: bool) -> None:
        """Counts an answer; the last answer to a card is the one that counts."""
        self.judged[key] = is_right
        self.progress_line.value = self.progress()


class Deck(GuardedWidget):
    """The cards of one group, one at a time.

    Args:
        clinic: keeps count.
        keys: of `CARDS`, in order.
    """

    def __init__(self, clinic: ErrorClinic, keys: list[str]) -> None:
        super().__init__()
        self.add_class("ce-deck")
        self._clinic, self._keys = clinic, keys
        self.index = 0
        self.question, self.answer = widgets.HTML(), widgets.HTML()
        self.outcome_buttons = {name: widgets.Button(description=name) for name in OUTCOMES}
        for name, button in self.outcome_buttons.items():
            button.on_click(self.guarded(lambda name=name: self._judge(name)))
        self.previous_button = widgets.Button(description="Previous card", icon="arrow-left")
        self.next_button = widgets.Button(description="Next card", icon="arrow-right")
        self.previous_button.on_click(self.guarded(lambda: self._turn(-1)))
        self.next_button.on_click(self.guarded(lambda: self._turn(1)))
        self.children = [
            self.question,
            widgets.HBox([widgets.Label("This call"), *self.outcome_buttons.values()]),
            self.answer,
            widgets.HBox([self.previous_button, self.next_button, clinic.progress_line]),
            self._error_line,
        ]
        self._turn(0)

    @property
    def key(self) -> str:
        """The present card's key in `CARDS`."""
        return self._keys[self.index]

    def _turn(self, step: int) -> None:
        self.index += step
        self.previous_button.disabled = self.index == 0
        self.next_button.disabled = self.index == len(self._keys) - 1
        for button in self.outcome_buttons.values():
            button.button_style = ""
        self.answer.value = ""
        card = CARDS[self.key]
        place = f"Card {self.index + 1} of {len(self._keys)}."
        wish = tag("span", tag("b", f"{place} Wanted:"), f" {card.wish}")
        self.question.value = wish + _code(f"{card.setup}\n\n{card.call}")

    def _judge(self, outcome: str) -> None:
        card = CARDS[self.key]
        lines = answer_lines(card, outcome)
        for name, button in self.outcome_buttons.items():
            button.button_style = "info" if name == outcome else ""
        shown = [
            _code(text) if is_code else tag("p", text, style="margin:4px 0")
            for text, is_code in lines
        ]
        self.answer.value = tag("div", *shown, role="status")
        self._clinic.record(self.key, outcome == card.outcome)

    def text(self) -> str:
        """The cards' calls."""
        calls = "\n".join(f"  {CARDS[key].call}" for key in self._keys)
        return f"{len(self._keys)} cards: raises, runs and is wrong, or runs and is right?\n{calls}"


def answer_lines(card: Card, outcome: str) -> list[tuple[str, bool]]:
    """What is said to someone who chose `outcome`: lines of text, each with whether it is code."""
    verdict = "You are right" if outcome == card.outcome else f"Not quite: it {card.outcome}"
    lines = [
        (f"{verdict}. The installed torch answers:", False),
        (_result(card, card.call), True),
        (card.reason, False),
    ]
    diagnosis = card.diagnosis()
    if diagnosis is not None and diagnosis.findings:
        lines += [("diagnose says:", False), (str(diagnosis), True)]
    if card.remedy:
        lines += [
            ("Mended:", False),
            (f"{card.remedy}\n# {_result(card, card.remedy)}", True),
        ]
    return lines


def _result(card: Card, expression: str) -> str:
    try:
        return str(card.run(expression))
    except Exception as error:  # the message is what the reader is here to learn
        return f"{type(error).__name__}: {error}"


def _code(text: str) -> Html:
    style = (
        "white-space:pre-wrap;margin:4px 0;padding:6px 10px;line-height:1.35;"
        "background:var(--jp-layout-color2,#f2f2f2)"
    )
    return tag("pre", text, style=style)
