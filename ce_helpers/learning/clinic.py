"""The error clinic: judge a call, then see what torch does with it."""

from textwrap import indent

import anywidget
import traitlets

from ce_helpers.calls.diagnosed import remedy_html
from ce_helpers.learning.cards import CARDS, GROUPS, OUTCOMES, Card
from ce_helpers.live.guarded import GuardedWidget
from ce_helpers.live.modules import module, style
from ce_helpers.markup import Html, as_html, tag


class ErrorClinic:
    """All cards, and which of them were judged rightly.

    Example:
        >>> clinic = ErrorClinic()
        >>> deck = clinic.deck("shape")
        >>> deck.view.judged = {"target_column": "raises"}
        >>> print(clinic.progress())
        1 of 30 cards answered, 1 judged rightly.
    """

    def __init__(self) -> None:
        self.judged: dict[str, bool] = {}
        self._decks: list[Deck] = []

    def deck(self, group: str) -> "Deck":
        """A widget with the cards of one group.

        Raises:
            ValueError: an unknown group.
        """
        if group not in GROUPS:
            raise ValueError(f"there is no group {group!r}; the groups are {', '.join(GROUPS)}.")
        cards = {key: card for key, card in CARDS.items() if card.group == group}
        self._decks.append(Deck(self, cards))
        return self._decks[-1]

    def progress(self) -> str:
        """How many cards were answered, and how many rightly."""
        return (
            f"{len(self.judged)} of {len(CARDS)} cards answered, "
            f"{sum(self.judged.values())} judged rightly."
        )

    def record(self, key: str, is_right: bool) -> None:
        """Counts an answer; the last answer to a card is the one that counts."""
        self.judged[key] = is_right
        self._count()

    def _count(self) -> None:
        for deck in self._decks:
            deck.view.progress = self.progress()


class DeckView(anywidget.AnyWidget):
    """All that is seen; `judged` holds what the reader took each card's call for."""

    _esm = module("clinic.js")
    _css = style()
    cards = traitlets.List().tag(sync=True)
    outcomes = traitlets.List(list(OUTCOMES)).tag(sync=True)
    judged = traitlets.Dict().tag(sync=True)
    progress = traitlets.Unicode("").tag(sync=True)


class Deck(GuardedWidget):
    """The cards of one group, one at a time; torch answers before they are dealt.

    Args:
        clinic: keeps count.
        cards: of `CARDS`, by key.
    """

    def __init__(self, clinic: ErrorClinic, cards: dict[str, Card]) -> None:
        super().__init__()
        self._clinic, self._cards = clinic, cards
        self.view = DeckView(
            cards=[described(key, card) for key, card in cards.items()],
            progress=clinic.progress(),
        )
        self.view.observe(self.guarded(self._count), "judged")
        self.children = [self.view, self._error_line]

    def text(self) -> str:
        """The cards' calls."""
        calls = "\n".join(indent(card.call, "  ") for card in self._cards.values())
        asked = "raises, runs and is wrong, or runs and is right?"
        return f"{len(self._cards)} cards: {asked}\n{calls}"

    def page_state(self) -> dict:
        """All that a page without a kernel needs, as JSON: what `deck` of clinic.js takes."""
        return {name: getattr(self.view, name) for name in ("cards", "outcomes", "judged")}

    def _count(self) -> None:
        for key, outcome in self.view.judged.items():
            self._clinic.record(key, outcome == self._cards[key].outcome)


def described(key: str, card: Card) -> dict:
    """A card as the browser shows it: what it asks, and what is said to each outcome."""
    return {
        "key": key,
        "wish": card.wish,
        "code": f"{card.setup}\n\n{card.call}",
        "outcome": card.outcome,
        "said": [
            f"{'You are right' if outcome == card.outcome else f'Not quite: it {card.outcome}'}. "
            "The installed torch answers:"
            for outcome in OUTCOMES
        ],
        "html": "".join(_answer(card)),
    }


def _answer(card: Card) -> list[Html]:
    """What torch gives, why, what `diagnose` finds, and the call that gives what was wanted."""
    answer = [_code(_result(card, card.call)), tag("p", card.reason)]
    diagnosis = card.diagnosis()
    for finding in diagnosis.findings if diagnosis else ():
        said = tag("p", tag("b", "diagnose: "), as_html(f"{finding.message}."))
        answer.append(tag("div", said, **{"class": f"ce-finding ce-{finding.kind}"}))
    if card.remedy:
        answer += [remedy_html(card.remedy), _code(_result(card, card.remedy))]
    return answer


def _result(card: Card, expression: str) -> str:
    try:
        return str(card.run(expression))
    except Exception as error:  # the message is what the reader is here to learn
        return f"{type(error).__name__}: {error}"


def _code(text: str) -> Html:
    return tag("pre", text, **{"class": "ce-call"})
