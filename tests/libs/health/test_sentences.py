"""Decisions and answers in words."""

from decimal import Decimal

import pytest
from health import (
    LANGUAGES,
    Facts,
    GuidanceLevel,
    Language,
    Number,
    Observed,
    explain_guidance,
    explain_syndrome,
    questionnaire,
    questions,
    sentences,
    trend,
    words,
)
from health.items import by_name, choices, items
from hypothesis import given
from hypothesis import strategies as st
from libs.health.people import ANY
from libs.health.test_explanations import man

ACTIVE = man(waist="85.0", systolic="131", smokes="yes")
BLAMED = {
    "ja": "数えた項目：血圧（収縮期血圧 131、130以上）",
    "en": "It counts: Blood pressure (Systolic blood pressure 131, 130 or more).",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_which_value_made_the_difference(language: Language) -> None:
    """The result first, then each criterion with the value and its limit, and what would have changed it."""
    decision = explain_guidance(ACTIVE)
    assert decision is not None
    said = sentences(decision, language)

    assert decision.result == GuidanceLevel.ACTIVE
    assert words(language)["guidance.1"] in said[0]
    assert BLAMED[language] in said
    assert sum(words(language)["guidance.2"] in sentence for sentence in said) == 1
    assert any(words(language)["criterion.blood-pressure"] in one and words(language)["guidance.3"] in one for one in said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_is_missing(language: Language) -> None:
    """An open result names the values that it lacks."""
    said = sentences(explain_syndrome(man(waist="", systolic="131", hdl="39")), language)
    missing = words(language)["item.waist-circumference"]

    assert words(language)["syndrome.4"] in said[0]
    assert any(missing in one for one in said[1:])


@given(facts=ANY, language=st.sampled_from(LANGUAGES))
def test_every_decision_can_be_said(facts: Facts, language: Language) -> None:
    """No place is left unfilled, every criterion that counted has a sentence, and each missing value is named."""
    for decision in (explain_syndrome(facts), explain_guidance(facts)):
        if decision is None:
            continue
        said = sentences(decision, language)
        judged = {one.criterion: one for one in decision.criteria}
        lacking = [reading.item for criterion in decision.missing for reading in judged[criterion].readings if reading.met is None]

        assert not any("{" in one or "}" in one for one in said)
        assert all(any(words(language)[f"criterion.{criterion}"] in one for one in said) for criterion in decision.counted)
        assert all(any(words(language)[f"item.{item}"] in one for one in said) for item in lacking)


def test_answers_in_words() -> None:
    """By the newest list, or by the one that came with the answer; measured items are no questions."""
    given_ = [
        Observed("9N786000000000011", "2"),
        Observed("9N736000000000011", "2", system="1.2.392.200119.6.2003"),
        Observed("9N006000000000001", Decimal(65)),
        Observed("9N701000000000011", "7"),
        Observed("1A010000000191111", "1"),
        Observed("9N746000000000011", absent="not-performed"),
    ]
    said = [(one.item, one.answer) for one in questionnaire(given_, "en")]

    assert said == [("medication-blood-pressure", "7"), ("smoking", "No"), ("alcohol-frequency", "5 to 6 days a week")]
    assert questionnaire(given_, "ja")[2].answer == "週5～6日"


def test_every_coded_item_of_the_questionnaire_has_a_question() -> None:
    """In both languages; each answer of each list has words in both."""
    asked = {item.name for item in items() if item.code.startswith("9N7") or item.code.startswith("9N8")}
    coded = {name for name in asked if by_name()[name][0].kind in ("CD", "CO")}
    confirmed = {name for name in coded if name.endswith("-confirmed")}

    assert coded - confirmed - {"first-interview"} == set(questions("ja")) == set(questions("en"))
    assert [choice for found in choices().values() for choice in found.values() if not (choice.english and choice.label)] == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 2, 3), "rising"),
        ((3, 2, 1), "falling"),
        ((2, 2, 2), "steady"),
        ((1, 2, 2), "mixed"),
        ((9, 1, 2, 3), "rising"),
        ((1, 2), None),
        ((), None),
    ],
)
def test_trends(values: tuple[int, ...], expected: str | None) -> None:
    """Of the last three values."""
    assert trend([Number("c", Decimal(value)) for value in values]) == expected


def test_no_trend_beyond_the_measurable() -> None:
    """A value at the end of the range may be anything."""
    assert trend([Number("c", Decimal(value), beyond) for value, beyond in ((1, None), (2, None), (3, "above"))]) is None  # type: ignore[arg-type]
