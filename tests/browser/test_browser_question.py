"""Questions: every answer of every one in one page, one by keyboard, and in JupyterLab."""

import base64
import json
import math

import pytest
from playwright.sync_api import expect

from ce_helpers.learning.questions import NOTED, Mistake, Numbers, Question
from ce_helpers.learning.tasks import NOTEBOOKS, questions_of
from ce_helpers.live.modules import module, style
from tools.browser.lab import run_all

TEMPLATES = {key: made for nb in NOTEBOOKS for key, made in questions_of(nb).items()}
COUNT = Question(
    "How many `elements`?\nAll <b>of</b> them: $N$.", 12, "3 times 4.", ("Count.", "Slowly."),
    (Mistake(7, "You added: `3 + 4`."), Mistake(4, "One row.")), exact=True,
)  # fmt: skip
CHOICE = Question(
    "Which?", "second", "It is.", ("Not the first.",), (Mistake("first", "Too early."),
    Mistake("third", "Too late.")), ("first", "second", "third"),
)  # fmt: skip
ENDLESS = Question("The loss at p = 0?", math.inf, "−log 0.", (), (Mistake(0.0, "At p = 1."),))


def address(name):
    return "data:text/javascript;base64," + base64.b64encode(module(name).encode()).decode()


def fits(value, answer, question):
    if question.choices or question.exact:
        return value == answer
    return math.isclose(value, answer, rel_tol=0.005)


def expected(question, given):
    """What must be said to an answer: the first that fits."""
    if fits(given, question.answer, question):
        return "right", question.reason
    found = (wrong.hint for wrong in question.mistakes if fits(given, wrong.answer, question))
    return "wrong", next(found)


def test_every_answer_of_every_question_is_judged(browser, cases):
    sent, wanted = [], []
    seeds = (None, *map(str, range(5 * cases)))
    for template in TEMPLATES.values():
        for question in (template(Numbers(seed)) for seed in seeds):
            for given in (question.answer, *(wrong.answer for wrong in question.mistakes)):
                typed = given if question.choices else repr(float(given))
                sent.append((question.described(), typed))
                wanted.append([*expected(question, given)])
            sent.append((question.described(), None if question.choices else question.shown_answer))
            wanted.append(
                [None, "Choose one of the answers first."]
                if question.choices else ["right", question.reason]
            )  # fmt: skip
    assert len(sent) > 3 * len(seeds) * len(TEMPLATES)
    page = browser.new_page()
    said = page.evaluate(
        """async ([code, sent]) => {
          const { judged } = await import(code);
          return JSON.parse(sent).map(([question, given]) => judged(question, given))
            .map(({ verdict, words, refusal }) => [verdict ?? null, refusal ?? words]);
        }""",
        [address("verdicts.js"), json.dumps(sent)],  # as text: Playwright is slow with objects
    )
    page.close()
    wrong = [case for case in zip(sent, said, wanted, strict=True) if case[1] != case[2]]
    assert wrong == []


@pytest.mark.parametrize(
    ("question", "given", "status", "words"),
    [
        (ENDLESS, "inf", "right", "−log 0."),
        (ENDLESS, "-∞", "wrong", "another number"),
        (ENDLESS, "0", "wrong", "At p = 1."),
        (COUNT, "3*4", "right", "3 times 4."),
        (COUNT, "12.5", "wrong", "A count is a whole number"),
        (COUNT, "5", "wrong", "That is another number"),
        (COUNT, "", None, "Nothing is typed yet"),
        (Question("?", 2.5, "", (), ()), "2.51", "right", ""),
        (Question("?", 2.5, "", (), ()), "2.6", "wrong", "Close. Give three"),
    ],
)
def test_an_answer_is_judged(browser, question, given, status, words):
    page = browser.new_page()
    verdict, said = page.evaluate(
        """async ([code, question, given]) => {
          const { verdict, words, refusal } = (await import(code)).judged(question, given);
          return [verdict ?? null, refusal ?? words];
        }""",
        [address("verdicts.js"), question.described(), given],
    )
    page.close()
    assert verdict == status and words in said


@pytest.fixture
def card(browser):
    """A function that shows a question on a page without a kernel and returns its card."""
    page = browser.new_page(viewport={"width": 900, "height": 700})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def show(question, events=()):
        page.set_content(f"<style>{style()}</style><main></main>")
        page.evaluate(
            """async ([code, question, events]) => {
              const { ask } = await import(code), place = document.querySelector("main");
              window.kept = [];
              window.card = ask(place, question, events, (answered) => window.kept.push(answered));
            }""",
            [address("questions.js"), question.described(), list(events)],
        )
        return page.locator(".ce-ask")

    yield show
    assert errors == []
    page.close()


def kept(card):
    """What was told to be kept last: status, and each line in one string."""
    answered = card.page.evaluate("window.kept.at(-1)")
    lines = [
        " ".join(str(line[name]) for name in ("label", "given", "verdict", "words") if name in line)
        for line in answered["lines"]
    ]
    return answered["status"], lines


def rows(card):
    names = card.locator("dt").all_inner_texts()
    return list(zip(names, card.locator("dd").all_inner_texts(), strict=True))


def test_a_guess_is_noted_then_tries_are_judged_and_all_stay_side_by_side(card):
    card = card(COUNT)
    field = card.get_by_role("textbox", name="How many elements? All <b>of</b> them: $N$.")
    said = card.get_by_role("status")
    field.fill("7")
    field.press("Enter")
    assert rows(card) == [("guess 7", NOTED)]
    assert said.inner_text() == NOTED
    assert kept(card) == ("guessed", [f"guess 7 {NOTED}"])
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    field.fill("4")
    field.press("Enter")
    assert rows(card) == [("guess 7 ✗", "You added: 3 + 4."), ("4 ✗", "One row.")]
    assert said.inner_text() == "Not yet. One row."
    card.get_by_role("button", name="Hint 1 of 2").click()
    field.fill("4 · 3")
    card.get_by_role("button", name="Check").click()
    assert rows(card)[2:] == [("hint 1", "Count."), ("4 · 3 ✓", "3 times 4.")]
    assert said.inner_text() == "Right. 3 times 4."
    assert kept(card)[0] == "right"
    expect(field).to_be_hidden()
    expect(card.get_by_role("button", name="Ask me again")).to_be_focused()
    card.page.keyboard.press("Enter")
    assert rows(card) == [] and kept(card) == ("open", [])
    expect(field).to_be_focused()


def test_a_right_guess_is_not_told_before_the_end(card):
    card = card(COUNT)
    field = card.get_by_role("textbox")
    for typed in ("12", "7"):
        field.fill(typed)
        field.press("Enter")
    assert rows(card) == [("guess 12", NOTED), ("7 ✗", "You added: 3 + 4.")]
    field.fill("12")
    field.press("Enter")
    assert [name for name, _ in rows(card)] == ["guess 12 ✓", "7 ✗", "12 ✓"]


def test_the_answer_opens_after_a_guess(card):
    card = card(COUNT)
    answer = card.get_by_role("button", name="Show answer")
    assert answer.get_attribute("aria-disabled") == "true"
    answer.press("Enter")
    assert "First a guess" in card.inner_text() and rows(card) == []
    card.get_by_role("textbox").fill("7")
    card.get_by_role("button", name="Commit").click()
    answer.click()
    assert rows(card)[1] == ("answer", "12. 3 times 4.")
    assert kept(card)[0] == "shown"
    assert rows(card)[0] == ("guess 7 ✗", "You added: 3 + 4.")


def test_what_is_no_number_is_red_and_no_try(card):
    card = card(COUNT)
    field = card.get_by_role("textbox")
    field.fill("4,096")
    field.press("Enter")
    refused = "“4,096” can be read in two ways. Write 4.096 or 4096."
    expect(card.locator(".ce-refused")).to_have_text(refused)
    expect(field).to_have_value("4,096")
    assert field.get_attribute("aria-invalid") == "true"
    assert card.get_by_role("status").inner_text() == refused
    assert rows(card) == [] and card.page.evaluate("window.kept") == []


def test_after_the_last_hint_the_focus_stays_and_nothing_more_comes(card):
    card = card(COUNT)
    for name in ("Hint 1 of 2", "Hint 2 of 2", "No more hints"):
        card.get_by_role("button", name=name).press("Enter")
    expect(card.get_by_role("button", name="No more hints")).to_be_focused()
    assert [name for name, _ in rows(card)] == ["hint 1", "hint 2"]


def test_choices_are_one_group_that_arrow_keys_walk(card):
    card = card(CHOICE)
    group = card.get_by_role("radiogroup", name="Which?")
    group.get_by_role("radio", name="first").focus()
    keyboard = card.page.keyboard
    keyboard.press("Enter")
    expect(card.locator(".ce-refused")).to_have_text("Choose one of the answers first.")
    for key in ("Space", "Enter", "ArrowDown", "ArrowDown"):
        keyboard.press(key)
    third = group.get_by_role("radio", name="third")
    expect(third).to_be_focused()
    assert kept(card) == ("guessed", [f"guess first {NOTED}"])  # walking is no answer
    keyboard.press("Enter")
    assert third.evaluate("radio => radio.labels[0].innerText").split() == [
        "third",
        "✗",
        "Too",
        "late.",
    ]
    keyboard.press("Tab")
    expect(card.get_by_role("button", name="Check")).to_be_focused()  # one stop for all choices
    group.get_by_role("radio", name="second").check()
    keyboard.press("Enter")
    assert kept(card)[0] == "right"
    assert "your guess ✗ Too early." in " ".join(card.inner_text().split())


def test_a_card_is_drawn_as_it_was_left(card):
    card = card(COUNT, [{"given": "7"}, {"given": "4"}])
    assert rows(card) == [("guess 7 ✗", "You added: 3 + 4."), ("4 ✗", "One row.")]
    expect(card.get_by_role("button", name="Check")).to_be_visible()
    card.page.evaluate("window.card.restore([{ given: '7' }, { shown: true }])")
    assert [name for name, _ in rows(card)] == ["guess 7 ✗", "answer"]


# In JupyterLab.


@pytest.mark.parametrize("name", ["01_single_sample.ipynb"])
def test_answers_reach_the_kernel_and_survive_run_all(open_notebooks, lab_folder, name):
    page = open_notebooks.page(name)  # no test before this one answers
    card = page.locator(".ce-ask", has_text="The logits are [20, 2, 3, 9]")
    card.scroll_into_view_if_needed()
    field = card.get_by_role("textbox")
    for typed in ("9", "20 - 9"):
        field.fill(typed)
        field.press("Enter")
    expect(card.get_by_role("status")).to_contain_text("Right.")
    expect(page.get_by_text("Questions: 1 of ")).to_be_attached()
    radio = page.locator(".ce-ask", has_text="You add 5 to every").get_by_role("radio")
    radio.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(radio.nth(1)).to_be_focused()
    saved = run_all(page, lab_folder / "notebooks" / name)
    card = page.locator(".ce-ask", has_text="The logits are [20, 2, 3, 9]")
    assert rows(card)[0] == (
        "guess 9 ✗",
        "That is the target's logit. The loss compares it with the sum.",
    )
    # docs/teaching.md sends teachers there
    texts = {
        "".join(cell["source"]): "".join(cell["outputs"][0]["data"]["text/plain"])
        for cell in saved["cells"]
        if "".join(cell["source"]).startswith(("ask(", "progress("))
    }
    assert "\nguess 9 ✗: " in texts['ask("lower_target")']
    assert "\n20 - 9 ✓: " in texts['ask("lower_target")']
    assert "Questions: 1 of " in texts['progress("01")']
    expect(page.locator("[role=alert]")).to_have_count(0)
