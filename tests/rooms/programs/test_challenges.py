"""Individual programs: steps, habits, logging, quizzes, and what programs is not told of them."""

import secrets
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from programs.progress import longest_run, of_days, of_steps
from protocol.messages.base import Message
from protocol.messages.challenges import (
    AnswerQuiz,
    Challenge,
    JoinChallenge,
    KeepHabit,
    PutChallenge,
    TellLogging,
)
from pydantic import ValidationError
from support.office import Colleague, staffed
from support.store_host import Member, StoreHost, problem

from .walking import TODAY, managed, people, walk

QUIZ = {"kind": "quiz", "goal": 2}
QUESTIONS = tuple({"text": f"問{number}", "choices": ("はい", "いいえ"), "answer": number % 2} for number in range(3))


def challenge(**changes: Any) -> Challenge:
    fields = {
        "id": secrets.token_bytes(16),
        "title": "秋の挑戦 (架空)",
        "kind": "habit",
        "first": TODAY - timedelta(days=9),
        "last": TODAY + timedelta(days=9),
        "goal": 3,
    }
    return Challenge(**{**fields, **changes})


async def _defined(host: StoreHost, *made: Challenge) -> None:
    manager = await managed(host)
    for one in made:
        answer = await manager.call(host, "PUT", "/staff/challenges", message=PutChallenge(challenge=one))
        assert answer.status_code == 204, answer.text


async def _say(host: StoreHost, member: Member, path: str, message: Message) -> int:
    answer = await host.as_member(member, "PUT", f"/me/challenges{path}", message)
    return answer.status_code


async def _state(host: StoreHost, member: Member) -> list[tuple[bool, int, int, bool]]:
    found = (await host.as_member(member, "GET", "/me/challenges")).json()["challenges"]
    return [(one["joined"], one["done"], one["streak"], one["reached"]) for one in found]


async def test_days_of_steps(host: StoreHost) -> None:
    """What was walked before joining counts too; the total of a day decides, and it may shrink again."""
    one = challenge(kind="steps", goal_steps=8000, goal=2)
    await _defined(host, one)
    member = await host.member()
    await walk(host, member, (0, 8000, 1), (1, 9000, 1), (3, 7999, 1))
    before = await _state(host, member)
    assert await _say(host, member, "", JoinChallenge(challenge=one.id)) == 204
    joined = await _state(host, member)
    await walk(host, member, (0, 10, 2))

    assert [before, joined, await _state(host, member)] == [
        [(False, 0, 0, False)],
        [(True, 2, 2, True)],
        [(True, 1, 1, False)],
    ]


async def test_a_habit_of_ones_own(host: StoreHost) -> None:
    """Days are noted and taken back, with the last word counting; leaving forgets them; the database says no habit."""
    one = challenge()
    await _defined(host, one)
    member = await host.member()
    early = await _say(host, member, "/days", KeepHabit(challenge=one.id, day=TODAY))
    await _say(host, member, "", JoinChallenge(challenge=one.id))
    days = (0, 1, 3, 1, 5)
    said = [await _say(host, member, "/days", KeepHabit(challenge=one.id, day=TODAY - timedelta(days=ago))) for ago in days]
    said.append(await _say(host, member, "/days", KeepHabit(challenge=one.id, day=TODAY - timedelta(days=5), kept=False)))
    said += [await _say(host, member, "/days", KeepHabit(challenge=one.id, day=TODAY + timedelta(days=ago))) for ago in (-10, 2)]
    reached = await _state(host, member)
    await host.seal()
    kept = await host.rows("SELECT days, told, score FROM challenge_entry")
    await host.as_member(member, "POST", "/me/challenges/leaving", JoinChallenge(challenge=one.id))

    assert (early, said) == (409, [204] * 6 + [409] * 2)
    assert reached == [(True, 3, 2, True)]
    assert [(len(row["days"]), row["told"], row["score"]) for row in kept] == [(3, False, 0)]
    assert await _state(host, member) == [(False, 0, 0, False)]


async def test_logging_says_that_it_was_enough(host: StoreHost) -> None:
    """The device tells one thing, not before as many days have passed as are needed."""
    one, young = challenge(kind="logging", goal=10), challenge(kind="logging", goal=11, last=TODAY + timedelta(days=8))
    await _defined(host, one, young)
    member = await host.member()
    for each in (one, young):
        await _say(host, member, "", JoinChallenge(challenge=each.id))
    said = [await _say(host, member, "/logging", TellLogging(challenge=each.id)) for each in (one, young)]

    assert said == [204, 409]
    assert await _state(host, member) == [(True, 10, 0, True), (True, 0, 0, False)]


async def test_a_quiz(host: StoreHost) -> None:
    """The best try counts, answers are not kept and not shown beforehand."""
    one = challenge(**QUIZ, questions=QUESTIONS)
    await _defined(host, one)
    member = await host.member()
    await _say(host, member, "", JoinChallenge(challenge=one.id))
    offered = (await host.as_member(member, "GET", "/me/challenges")).json()["challenges"][0]["questions"]
    marked = [
        (await host.as_member(member, "PUT", "/me/challenges/answers", AnswerQuiz(challenge=one.id, answers=answers))).json()
        for answers in ((0, 1, 1), (1, 0, 1), (0, 1))
    ]

    assert [set(each) for each in offered] == [{"text", "choices"}] * 3
    assert [each.get("right") for each in marked] == [[True, True, False], [False, False, False], None]
    assert await _state(host, member) == [(True, 2, 0, True)]


async def test_a_quiz_has_its_days(host: StoreHost) -> None:
    """Before the first day and after the last one nothing is marked, also for who joined."""
    one = challenge(**QUIZ, questions=QUESTIONS, first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=1))
    await _defined(host, one)
    member = await host.member()
    await _say(host, member, "", JoinChallenge(challenge=one.id))
    said = []
    for _ in range(3):
        said.append(await _say(host, member, "/answers", AnswerQuiz(challenge=one.id, answers=(0, 1, 1))))
        host.clock.advance(timedelta(days=1))

    assert said == [409, 200, 409]


async def test_managers_define_and_count(host: StoreHost) -> None:
    """A program changes before its first day only; who joined is told in fives, from ten on."""
    one, later = challenge(), challenge(first=TODAY + timedelta(days=1))
    await _defined(host, one, later, later.model_copy(update={"goal": 5}))
    members = await people(host, 11)
    for member in members:
        await _say(host, member, "", JoinChallenge(challenge=one.id))
    manager = await managed_again(host)
    counts = (await manager.call(host, "GET", "/staff/challenges")).json()["challenges"]
    changed = await manager.call(
        host, "PUT", "/staff/challenges", message=PutChallenge(challenge=one.model_copy(update={"goal": 5}))
    )
    by_member = await host.as_member(members[0], "PUT", "/staff/challenges", PutChallenge(challenge=challenge()))

    assert {(each["challenge"]["goal"], each["members"]) for each in counts} == {(3, 10), (5, None)}
    assert [problem(changed), problem(by_member)] == [(409, "challenge-differs"), (401, "staff-token-refused")]


async def managed_again(host: StoreHost) -> Colleague:
    manager = Colleague("manager-2", roles=("program-manager",))
    await staffed(host, manager, number=2)
    return manager


async def test_what_a_program_refuses(host: StoreHost) -> None:
    """Kinds do not mix, unknown programs are unknown, and one that is over takes nobody."""
    habit, over = challenge(), challenge(last=TODAY - timedelta(days=1))
    await _defined(host, habit, over)
    member = await host.member()
    await _say(host, member, "", JoinChallenge(challenge=habit.id))
    answers = [
        await host.as_member(member, "PUT", "/me/challenges", JoinChallenge(challenge=over.id)),
        await host.as_member(member, "PUT", "/me/challenges", JoinChallenge(challenge=bytes(16))),
        await host.as_member(member, "PUT", "/me/challenges/logging", TellLogging(challenge=habit.id)),
    ]

    assert [(answer.status_code, answer.json().get("reason")) for answer in answers] == [(409, "over"), (404, None), (409, "kind")]


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "steps"},
        {"goal_steps": 1},
        {"kind": "quiz"},
        {"goal": 20},
        {**QUIZ, "questions": QUESTIONS, "goal": 4},
        {**QUIZ, "questions": ({"text": "問", "choices": ("はい", "いいえ"), "answer": 2},), "goal": 1},
        {"last": TODAY - timedelta(days=10)},
    ],
)
def test_programs_that_cannot_be(changes: dict[str, Any]) -> None:
    """A goal that nobody can reach, an answer that is no choice, days that end before they begin."""
    with pytest.raises(ValidationError):
        challenge(**changes)


@given(st.sets(st.integers(0, 30)))
def test_the_longest_run(numbers: set[int]) -> None:
    """The longest run of consecutive days equals the longest run of ones in a row of days, gone through one by one."""
    longest = length = 0
    for number in range(32):
        length = length + 1 if number in numbers else 0
        longest = max(longest, length)

    assert longest_run(date(2028, 2, 15) + timedelta(days=number) for number in numbers) == longest


@given(st.dictionaries(st.integers(-3, 25), st.integers(0, 20_000)))
def test_days_outside_do_not_count(totals: dict[int, int]) -> None:
    """Only days of the program with enough steps count."""
    one = challenge(kind="steps", goal_steps=9000, goal=1)
    by_day = {one.first + timedelta(days=number): steps for number, steps in totals.items()}
    expected = sum(0 <= number <= 18 and steps >= 9000 for number, steps in totals.items())

    assert (of_steps(one, by_day).done, of_steps(one, by_day).reached) == (expected, expected >= 1)
    assert of_days(one, by_day).done == sum(0 <= number <= 18 for number in totals)
