"""Statements as SQL text with positional arguments."""

import pytest
import sqlalchemy as sa
from chassis.database import statement
from sqlalchemy.dialects.postgresql import ARRAY
from support.sample_service import folder, note


def test_arguments_follow_the_text() -> None:
    """Named parameters and constants of the construct come in positional order."""
    select = statement(
        sa.select(note.c.id)
        .where(note.c.size > 3, note.c.folder == sa.any_(sa.bindparam("folders", type_=ARRAY(sa.LargeBinary))))
        .limit(sa.bindparam("most", type_=sa.BigInteger))
    )

    assert select.arguments({"most": 5, "folders": [b"a"]}) == [3, [b"a"], 5]


def test_constant_list_is_expanded() -> None:
    """An in_ over constants has a fixed text."""
    select = statement(sa.select(note.c.id).where(note.c.size.in_([1, 2])))

    assert select.arguments({}) == [1, 2]


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({}, "missing id, parent"),
        ({"id": b"", "parent": None, "x": 1}, "unknown x"),
        ({"id": b"", "y": 1}, "missing parent; unknown y"),
    ],
)
def test_parameters_are_checked(params: dict[str, object], sentence: str) -> None:
    """Missing and unknown parameters raise TypeError naming them."""
    with pytest.raises(TypeError) as error:
        statement(sa.insert(folder)).arguments(params)

    assert str(error.value) == f"parameters: {sentence}"


def test_python_default_is_refused() -> None:
    """A default that SQLAlchemy would compute in Python is refused at compile time."""
    table = sa.Table("thing", sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("n", sa.Integer, default=3))
    with pytest.raises(TypeError) as error:
        statement(sa.insert(table).values(id=sa.bindparam("id")))

    assert "server default" in str(error.value)


def test_parameter_list_is_refused() -> None:
    """An in_ over a parameter has no fixed text."""
    with pytest.raises(TypeError) as error:
        statement(sa.select(note.c.id).where(note.c.size.in_(sa.bindparam("sizes", expanding=True))))

    assert "any_" in str(error.value)


def test_what_changes_tables_is_no_statement() -> None:
    """The schema is the migrations' alone: what would change it is refused at compile time."""
    with pytest.raises(TypeError, match="only queries and changes of rows are statements"):
        statement(sa.schema.CreateTable(note))
