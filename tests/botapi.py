"""Telegram's Bot API as data: whether a request is one that Telegram accepts, and an object one that it gives."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

Json = dict[str, Any]
SPEC_PATH = Path(__file__).parent / "data" / "botapi.json"
PLAIN: dict[str, tuple[type, ...]] = {"String": (str,), "Integer": (int,), "Float": (int, float), "Boolean": (bool,)}
FILE = "InputFile"


@cache
def spec() -> Json:
    loaded: Json = json.loads(SPEC_PATH.read_text(encoding="utf-8"))
    return loaded


@cache
def _methods() -> dict[str, tuple[str, Json]]:
    return {name.lower(): (name, method) for name, method in spec()["methods"].items()}


def check(method: str, params: Mapping[str, Any]) -> None:
    """Raise AssertionError, saying what and where, unless Telegram knows this request.

    Values are JSON's own, or strings as a form carries them. Objects are checked in all their depth.
    """
    assert method.lower() in _methods(), f"{method} is no method of the Bot API"
    name, known = _methods()[method.lower()]
    _check_names(name, params, known["params"], "parameter")
    for parameter, value in params.items():
        field = known["params"][parameter]
        _check_value(f"{name}.{parameter}", _unwrapped(f"{name}.{parameter}", value, field["types"]), field)


def conforms(kind: str, value: Any) -> None:
    """Raise AssertionError unless a value is what the specification calls `kind`, such as "Array of Update"."""
    _check_value(kind, value, {"types": [kind]})


def returns(method: str) -> list[str]:
    found: list[str] = _methods()[method.lower()][1]["returns"]
    return found


def _check_names(where: str, given: Mapping[str, Any], fields: Json, kind: str) -> None:
    for name in given:
        assert name in fields, f"{where} has no {kind} {name!r}"
    for name, field in fields.items():
        assert not field["required"] or name in given, f"{where} lacks its {kind} {name!r}"


def _unwrapped(where: str, value: Any, types: list[str]) -> Any:
    """A form's string as the value that it stands for."""
    if not isinstance(value, str) or "String" in types or FILE in types:
        return value
    try:
        return json.loads(value.lower() if types == ["Boolean"] else value)
    except ValueError:
        raise AssertionError(f"{where} should be {_any_of(types)}, not {value[:80]!r}") from None


def _check_value(where: str, value: Any, field: Json) -> None:
    _check_type(where, value, field["types"])
    if "const" in field:
        assert value == field["const"], f"{where} should be {field['const']!r}, not {value!r}"
    if "enum" in field:
        assert value in field["enum"], f"{where} should be one of {field['enum']}, not {value!r}"
    if isinstance(value, str):
        _check_length(where, value, field)
    elif "min" in field and not isinstance(value, bool) and isinstance(value, int | float):
        assert field["min"] <= value <= field["max"], f"{where} should be {field['min']}-{field['max']}, not {value}"


def _check_length(where: str, value: str, field: Json) -> None:
    # What is counted after entities may be longer while it is marked up: the model itself counts it.
    if "min_chars" in field and not field.get("after_entities"):
        _check_range(where, len(value), field["min_chars"], field["max_chars"], "characters")
    if "min_bytes" in field:
        _check_range(where, len(value.encode()), field["min_bytes"], field["max_bytes"], "bytes")


def _check_range(where: str, length: int, least: int, most: int, unit: str) -> None:
    assert least <= length <= most, f"{where} should have {least}-{most} {unit}, not {length}"


def _check_type(where: str, value: Any, types: list[str]) -> None:
    """Fits one of the types, or raises what is wrong with the likeliest of them."""
    wrong = []
    for name in types:
        try:
            _check_as(where, value, name)
            return
        except AssertionError as error:
            wrong.append(error)
    raise _likeliest(where, value, types, wrong)


def _likeliest(where: str, value: Any, types: list[str], wrong: list[AssertionError]) -> AssertionError:
    deep = [error for error, name in zip(wrong, types, strict=True) if isinstance(value, dict) and name not in PLAIN]
    if len(types) == 1 or not deep:
        return wrong[0]
    shared = [error for error, name in zip(wrong, types, strict=True) if _shares(value, name)]
    return (shared or deep)[0]


def _shares(value: Any, name: str) -> bool:
    fields = spec()["types"].get(name, {}).get("fields", {})
    return isinstance(value, dict) and any(key in fields and fields[key]["required"] for key in value)


def _check_as(where: str, value: Any, name: str) -> None:
    if name.startswith("Array of "):
        _check_array(where, value, name.removeprefix("Array of "))
    elif name == "True":
        assert value is True, f"{where} should be True, not {value!r}"
    elif name in PLAIN:
        is_right = isinstance(value, PLAIN[name]) and (name == "Boolean" or not isinstance(value, bool))
        assert is_right, f"{where} should be {name}, not {value!r:.80}"
    elif name == FILE:
        assert isinstance(value, str) and value, f"{where} should be a file, not {value!r:.80}"
    else:
        _check_object(where, value, name)


def _check_array(where: str, value: Any, name: str) -> None:
    assert isinstance(value, list | tuple), f"{where} should be an Array of {name}, not {value!r:.80}"
    for place, item in enumerate(value):
        _check_as(f"{where}[{place}]", item, name)


def _check_object(where: str, value: Any, name: str) -> None:
    assert isinstance(value, dict), f"{where} should be {name}, not {value!r:.80}"
    known = spec()["types"][name]
    if "one_of" in known:
        _check_type(where, value, _candidates(value, known["one_of"]))
        return
    fields = known["fields"]
    _check_names(f"{where} ({name})", value, fields, "field")
    for key, item in value.items():
        _check_value(f"{where}.{key}", item, fields[key])


def _candidates(value: Json, names: list[str]) -> list[str]:
    """The types whose fixed values, such as `type`, agree with the object; all when none does."""
    fitting = [name for name in names if _agrees(value, spec()["types"][name].get("fields", {}))]
    return fitting or names


def _agrees(value: Json, fields: Json) -> bool:
    return all(value.get(key) == field["const"] for key, field in fields.items() if "const" in field)


def _any_of(types: list[str]) -> str:
    return " or ".join(types)
