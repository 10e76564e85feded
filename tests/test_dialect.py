"""One SQL text for both databases."""

import pytest

from bot.databases.dialect import for_postgres, paged, script_for, statements


@pytest.mark.parametrize(
    ("sql", "expected", "names"),
    [
        ("SELECT :a", "SELECT $1", ("a",)),
        ("SELECT :a, :b, :a", "SELECT $1, $2, $1", ("a", "b")),
        ("SELECT x::text, :a", "SELECT x::text, $1", ("a",)),
        ("SELECT ':a', :a", "SELECT ':a', $1", ("a",)),
        ("SELECT 'it''s :b', :a", "SELECT 'it''s :b', $1", ("a",)),
        (
            "SELECT value ->> 0 FROM json_each(:a) WHERE n = :b",
            "SELECT value ->> 0 FROM jsonb_array_elements(CAST($1 AS jsonb)) WHERE n = $2",
            ("a", "b"),
        ),
        (
            "SELECT n FROM t WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids))",
            "SELECT n FROM t WHERE id = ANY(ARRAY(SELECT CAST(value AS BIGINT) FROM jsonb_array_elements(CAST($1 AS jsonb))))",
            ("ids",),
        ),
        ("SELECT 1 /*pg FOR UPDATE SKIP LOCKED*/", "SELECT 1 FOR UPDATE SKIP LOCKED", ()),
    ],
)
def test_names_become_numbers(sql: str, expected: str, names: tuple[str, ...]) -> None:
    """Each :name is one $number, wherever it stands, and text in quotes is left alone."""
    assert for_postgres(sql) == (expected, names)


def test_a_page_stands_in_the_text() -> None:
    """PostgreSQL plans each text once, so it has to see how little is wanted; other values stay values."""
    sql = "SELECT n FROM t WHERE n > :n ORDER BY n LIMIT :limit OFFSET :offset"
    assert paged(sql, {"n": 3, "limit": 7, "offset": 12}) == "SELECT n FROM t WHERE n > :n ORDER BY n LIMIT 7 OFFSET 12"
    with pytest.raises(ValueError, match="invalid literal"):
        paged("SELECT 1 LIMIT :limit", {"limit": "7; DROP TABLE t"})


def test_a_schema_is_written_once() -> None:
    """Types are those of the database, and sections are for one database alone."""
    script = "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER) STRICT;\n-- [sqlite]\nA;\n-- [postgresql]\nB;\n-- [both]\nC;\n"
    assert script_for("sqlite", script).split() == (
        ["CREATE", "TABLE", "t", "(id", "INTEGER", "PRIMARY", "KEY,", "n", "INTEGER)", "STRICT;", "A;", "C;"]
    )
    assert script_for("postgresql", script).split() == (
        [
            "CREATE",
            "TABLE",
            "t",
            "(id",
            "BIGINT",
            "GENERATED",
            "BY",
            "DEFAULT",
            "AS",
            "IDENTITY",
            "PRIMARY",
            "KEY,",
            "n",
            "BIGINT);",
            "B;",
            "C;",
        ]
    )


def test_a_trigger_is_one_statement() -> None:
    """Semicolons inside a trigger's body don't cut it."""
    script = "-- why\nCREATE TABLE t (a);\nCREATE TRIGGER g BEFORE UPDATE ON t BEGIN SELECT 1; SELECT 2; END;\n-- end\n"
    assert len(statements(script)) == 2
