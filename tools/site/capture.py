"""Runs in a notebook's kernel while the site is built: what a page shows in a widget's place.

An explorer becomes its still picture, which a reader without JavaScript sees, and beside it the
state that brings it to life; the picture's SVG is written once and serves both.
"""

import html
import itertools
import json
import re

from IPython import get_ipython

from ce_helpers.learning.clinic import Deck
from ce_helpers.learning.question_widget import QuestionWidget
from ce_helpers.learning.verdicts import Verdict
from ce_helpers.live.base import LiveExplorer
from ce_helpers.live.numbers import FORMATS
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.values import holds, read
from ce_helpers.markup import Html, as_html, tag

PAGE = "application/vnd.ce-helpers.page+html"  # the type of what is written for pages alone
IDS = re.compile(r'(\bid="|url\(#|href="#)')
UNUSED = re.compile(r' id="[\w.]+_\d+"')  # matplotlib counts what has no name, in each panel anew
SIZE = re.compile(r' (?:width|height)="[\d.]+pt"')
_counted = itertools.count()


def start() -> None:
    """Lets this kernel send pages' HTML along with what it displays."""
    formatter = get_ipython().display_formatter.mimebundle_formatter
    for kind, write in WRITERS.items():
        formatter.for_type(kind, lambda shown, write=write, **_: {PAGE: write(shown)})


def explorer_html(explorer: LiveExplorer) -> str:
    """An explorer's still picture, with all that a page needs to make it live."""
    state, picture = explorer.page_state(), explorer.picture()
    prefix = f"still{next(_counted)}-"
    rows, hidden = [], []
    for grid in picture.grids:
        boxes = []
        for panel in grid:
            for name, artists in (("live", panel.only_live), ("painted", panel.only_still)):
                for k, artist in enumerate(artists):
                    artist.set_gid(f"{panel.name}-{name}{k}")
            hidden += [artist.get_gid() for artist in panel.hidden + panel.only_live]
            boxes.append(_panel(panel, prefix))
        rows.append(_row(grid, boxes))
    unseen = ", ".join(f"#{prefix}{gid}" for gid in hidden)
    wide = [grid for grid in picture.grids if grid[0].layout != "narrow"]
    tall = sum(max(panel.height for panel in grid) + 8 for grid in wide)
    data = f'style="--tall:{tall}" data-prevent-swipe data-prefix="{prefix}"'
    # the page takes the SVG from the still picture
    grids = [
        [{name: value for name, value in panel.items() if name != "svg"} for panel in grid]
        for grid in state["picture"]["grids"]
    ]
    state["picture"] = {**state["picture"], "grids": grids}
    question = state["picture"].get("question", "")
    return "".join([
        f'<div class="ce ce-still" {data}>',
        f'<p class="ce-question">{html.escape(question)}</p>' if question else "",
        f"<style>{unseen} {{ visibility: hidden }}</style>" if unseen else "",
        f'<div class="ce-frame">{"".join(rows)}</div><p class="ce-words">{words(picture)}</p>',
        f'<script type="application/json">{as_json(state)}</script></div>',
    ])  # fmt: skip


def _panel(panel, prefix: str) -> str:
    svg = IDS.sub(rf"\g<1>{prefix}", UNUSED.sub("", SIZE.sub("", panel.svg(still=True), count=2)))
    svg = svg.replace("<svg ", '<svg aria-hidden="true" ', 1)  # the words say what it says
    sizes = f"--left:{panel.crop};--width:{panel.width};--height:{panel.height}"
    broad = " ce-broad" if panel.width > 448 else ""
    kind = f"ce-panel ce-{panel.name}{broad}"
    return f'<div class="{kind}" data-name="{panel.name}" style="{sizes}">{svg}</div>'


def _row(grid, boxes: list[str]) -> str:
    layout = f" ce-on-{grid[0].layout}" if grid[0].layout else ""
    single = " ce-single" if len(grid) == 1 else ""
    columns = " ".join(f"minmax(0,{panel.width - panel.crop}fr)" for panel in grid)
    style = "" if single else f' style="--columns:{columns}"'
    return f'<div class="ce-grid{layout}{single}"{style}>{"".join(boxes)}</div>'


def words(picture: LivePicture) -> str:
    """What the picture says, as HTML."""
    values, said = picture.values, []
    for sentence in picture.words:
        for piece in sentence["pieces"] if holds(sentence["when"] or (), values) else ():
            text = piece.get("text") or FORMATS[piece["format"]](read(piece["value"], values))
            look = piece["look"]
            style = f"color:{look['fill']};font-weight:{look['font-weight']}"
            said.append(tag("span", text, style=style))
    return "".join(said)


def as_json(state) -> str:
    """JSON that may stand in a script element."""
    text = json.dumps(state, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c")


def question_html(widget: QuestionWidget) -> str:
    """A question with its hints and its answer folded, and what brings it to life."""
    state = widget.page_state()
    question = state["question"]
    choices = [tag("li", as_html(choice)) for choice in question["choices"]]
    hints = [folded("A hint", as_html(hint)) for hint in question["hints"]]
    answer = folded("The answer", as_html(f"{question['shown']}. {question['reason']}"))
    listed = tag("ul", *choices) if choices else ""
    described = Html(f'<script type="application/json">{as_json(state)}</script>')
    text = tag("p", as_html(question["text"]))
    return tag("div", text, listed, *hints, answer, described, **{"class": "ask"})


def deck_html(deck: Deck) -> str:
    """A deck's cards under each other, what torch does folded, and what deals them one by one."""
    state = deck.page_state()
    cards = []
    for card in state["cards"]:
        answer = tag("div", Html(card["html"]), **{"class": "ce-said"})
        torch_says = tag("p", f"It {card['outcome']}. The installed torch answers:")
        verdict = folded("Raises, runs and is wrong, or runs and is right?", torch_says, answer)
        wanted = tag("p", f"Wanted: {card['wish']}")
        cards.append(tag("div", wanted, tag("pre", card["code"]), verdict, **{"class": "ask"}))
    described = Html(f'<script type="application/json">{as_json(state)}</script>')
    return tag("div", *cards, described, **{"class": "dealt"})


def folded(title: str, *inside: str):
    """Something that is seen when the reader asks for it."""
    return tag("details", tag("summary", title), *inside)


WRITERS = {
    LiveExplorer: explorer_html,
    QuestionWidget: question_html,
    Deck: deck_html,
    Verdict: lambda _: (
        '<p class="only-notebook">In the notebook, <code>check</code> tries your '
        "function on many tensors and names the likely cause of a mistake.</p>"
    ),
}
