"""docs/scenario.schema.json and the reader of scenario files agree.

Files that have one of everything are spoilt in one place each. What the schema refuses the reader refuses; what
the reader refuses beside that is what a schema cannot say: order, references, what is inside of what.
"""

import copy
import datetime
import json
import os
import pathlib
import random
import re
import subprocess
import tomllib

import jsonschema
import pytest

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE"])
PROGRAM = os.environ["MUSTER_SCENARIO_READER"]
COUNT = 120

# What takes the place of a value. (Reals that are whole are left out: to JSON Schema 1.0 is an integer.)
ODD = ["x", "", "minor", "village", "a\nb", 0, 3, -1, 61, 1000, 2**62, 2.5, -0.5, 1e12, True, [], {}, [1, 2], [[1.5, 2.5]],
       {"uniform": [1, 2]}, {"minor": 1}, [{"x": 1}], "2026-07-01T18:00:00+08:00"]
KEYS = ["extra", "code", "when", "where", "need", "at_min", "per_h", "hazard", "polygon", "speed_factor", "count",
        "depth_m", "sites", "weight", "within_m", "least", "chance", "severity", "until_min", "point", "file"]

# What the reader says and the schema does not.
SEMANTIC = re.compile(
    r"more than that of|more than at_min|an end after|expected them in order|a moment after|a code that no|"
    r"names the hazard|no \[\[destination\]\]|encloses an area|at most .*, as most|\[LEAST|SHAPE|SIGMA|"
    r"STANDARD DEVIATION|0 to 720$|a share above 0|a weight above 0|no need before|350 degrees|a step that makes|"
    r"built in|a number from 0 to 5\.2|a number from [0-9.]+ to 5\.2|chance is 1|until_min|points; expected at most")


@pytest.fixture(scope="module")
def validator():
    schema = json.loads((SOURCE / "docs/scenario.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def plain(value):
    """Moments as texts, as JSON has them."""
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


def toml(value):
    """A value as TOML writes it inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def document(value):
    return "".join(f"{json.dumps(key)} = {toml(one)}\n" for key, one in value.items())


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Of each document: None, or what the reader says is wrong."""
    folder = tmp_path_factory.mktemp("scenarios")

    def answers(documents):
        paths = [folder / f"{i}.toml" for i in range(len(documents))]
        for path, one in zip(paths, documents):
            path.write_text(document(one), encoding="utf-8")
        done = subprocess.run([PROGRAM], input="".join(f"{p}\n" for p in paths), text=True, capture_output=True,
                              check=True, timeout=120)
        lines = done.stdout.split("\n")[:-1]
        assert len(lines) == len(documents)
        return [None if line == "ok" else line for line in lines]

    return answers


@pytest.fixture(scope="module")
def scenarios():
    files = [SOURCE / "data/samples/scenario.toml", *sorted((SOURCE / "data/scenarios").glob("*.toml"))]
    return {path.name: plain(tomllib.loads(path.read_text(encoding="utf-8"))) for path in files}


def places(value, path=()):
    """The ways to everything in a document; of a long list the first few."""
    if path:
        yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in list(inside)[:24]:
        yield from places(one, (*path, key))


def spoil(scenario, draw):
    """A copy that has one thing less, more, or another one in its place."""
    spoilt = copy.deepcopy(scenario)
    *way, last = draw.choice(list(places(spoilt)))
    inside = spoilt
    for key in way:
        inside = inside[key]
    what = draw.randrange(4)
    if what == 0:
        del inside[last]
    elif what == 1 and isinstance(inside, dict):
        inside[draw.choice(KEYS)] = draw.choice(ODD)
    else:
        inside[last] = draw.choice(ODD)
    return spoilt


def test_all_scenarios_are_valid(validator, scenarios, read):
    for name, scenario in scenarios.items():
        assert not list(validator.iter_errors(scenario)), name
    assert read(list(scenarios.values())) == [None] * len(scenarios)


def test_what_the_schema_refuses_the_reader_refuses(validator, scenarios, read):
    draw = random.Random(1)
    names = list(scenarios)
    spoilt = [spoil(scenarios["scenario.toml" if i % 3 else draw.choice(names)], draw) for i in range(COUNT)]
    said = read(spoilt)
    invalid = [not validator.is_valid(one) for one in spoilt]
    for one, wrong, is_invalid in zip(spoilt, said, invalid):
        assert not is_invalid or wrong, one
    assert COUNT / 3 < sum(invalid) < COUNT


def test_what_the_reader_refuses_beside_that_a_schema_cannot_say(validator, scenarios, read):
    draw = random.Random(2)
    spoilt = [spoil(scenarios["scenario.toml"], draw) for _ in range(COUNT)]
    beside = [(wrong, one) for one, wrong in zip(spoilt, read(spoilt)) if wrong and validator.is_valid(one)]
    for wrong, _ in beside:
        assert SEMANTIC.search(wrong), wrong
    assert len(beside) < COUNT / 5


def test_every_refusal_names_the_file_and_a_line(scenarios, read):
    draw = random.Random(3)
    spoilt = [spoil(scenarios["scenario.toml"], draw) for _ in range(40)]
    for wrong in filter(None, read(spoilt)):
        assert re.match(r'".*\.toml", line \d+: ', wrong), wrong


def test_the_tables_of_the_documentation_name_every_key(validator):
    """Each key of the schema stands in docs/scenarios.md."""
    text = (SOURCE / "docs/scenarios.md").read_text()

    def keys(schema):
        if isinstance(schema, dict):
            for key in schema.get("properties", {}):
                yield key
            for one in schema.values():
                yield from keys(one)
        elif isinstance(schema, list):
            for one in schema:
                yield from keys(one)

    missing = {key for key in keys(validator.schema) if not re.search(rf"\b{re.escape(key)}\b", text)}
    classes = (SOURCE / "docs/schema.md").read_text()
    assert {key for key in missing if f"`{key}`" not in classes} == set()
