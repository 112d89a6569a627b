"""Tutorials and how-to guides do what they say: each page is followed from top to bottom in a folder of its own,
with `data` and `examples` of the repository in it, and what it shows is what is printed ("..." is anything)."""

import doctest
import os
import pathlib
import re
import subprocess

import pytest
from page_blocks import blocks_of, commands_of

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE"])
MUSTER = pathlib.Path(os.environ["MUSTER_COMMAND"])
EXAMPLES = pathlib.Path(os.environ["MUSTER_EXAMPLES"])
HOME_SCENARIO = os.environ.get("MUSTER_JIAXING")
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
PAGES = sorted(path for folder in ("tutorial", "howto") for path in (SOURCE / "docs" / folder).glob("*.md"))
NEEDS_HOME = "jiaxing.gpkg"


def agree(expected, printed):
    """However lines are broken and spaced, and "..." for whatever stands there."""
    parts = [re.escape(" ".join(part.split())) for part in expected.split("...")]
    return re.fullmatch(".*".join(part.replace("\\ ", " ") for part in parts), " ".join(printed.split())) is not None


class Reader:
    """Somebody who follows a page."""

    def __init__(self, folder):
        self.folder, self.names = folder, {}
        self.environment = dict(os.environ, PATH=f"{MUSTER.parent}:{EXAMPLES}:{os.environ['PATH']}", LC_ALL="C.UTF-8",
                                COLUMNS="80")

    def console(self, block):
        for command, expected in commands_of(block.text):
            done = subprocess.run(["bash", "-c", command], cwd=self.folder, env=self.environment, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
            assert agree(expected, done.stdout), (
                f"line {block.line}: {command}\n---- the page says\n{expected}---- it prints\n{done.stdout}")

    def pycon(self, block):
        examples = doctest.DocTestParser().get_doctest(block.text, self.names, "page", "page", block.line)
        said = []
        results = doctest.DocTestRunner(optionflags=OPTIONS, verbose=False).run(
            examples, out=said.append, clear_globs=False)
        self.names.update(examples.globs)
        assert results.failed == 0, "".join(said)

    def file(self, block):
        path = self.folder / block.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_page_does_what_it_says(page, tmp_path, monkeypatch):
    text = page.read_text()
    if NEEDS_HOME in text:
        if not HOME_SCENARIO:
            pytest.skip("there is no home scenario")
        (tmp_path / NEEDS_HOME).symlink_to(HOME_SCENARIO)
    for folder in ("data", "examples"):
        (tmp_path / folder).symlink_to(SOURCE / folder)
    monkeypatch.chdir(tmp_path)
    reader = Reader(tmp_path)
    for block in blocks_of(text):
        if hasattr(reader, block.kind):
            getattr(reader, block.kind)(block)


def test_pages_show_examples_as_they_are():
    """What is shown of a C program is in the program, to the letter."""
    shown = [(page, block) for page in PAGES for block in blocks_of(page.read_text()) if block.kind == "c"]
    programs = [path.read_text() for path in (SOURCE / "examples").glob("*.c")]
    for page, block in shown:
        lines = [re.sub(r"\s+", " ", line).strip() for line in block.text.splitlines() if line.strip()]
        wanted = "\n".join(lines)
        texts = ["\n".join(re.sub(r"\s+", " ", line).strip() for line in text.splitlines() if line.strip())
                 for text in programs]
        assert any(wanted in text for text in texts), f"{page.name}, line {block.line}: no program in examples/ has this"
    assert len(shown) > 2


def test_code_that_the_algorithms_name_is_there():
    named = {name for path in (SOURCE / "docs/algorithms").glob("*.md")
             for name in re.findall(r"`((?:core|solver|gis|session|tests)/[\w/]+\.(?:c|h|sql|py))`", path.read_text())}
    assert len(named) > 40
    assert [name for name in sorted(named) if not (SOURCE / name).exists()] == []


def test_a_page_that_says_something_else_is_found(tmp_path):
    """The follower notices: another output, another value, a command that fails where nothing is expected."""
    reader = Reader(tmp_path)
    block = next(blocks_of("```console\n$ echo one\ntwo\n```\n"))
    with pytest.raises(AssertionError, match="the page says"):
        reader.console(block)
    with pytest.raises(AssertionError, match="the page says"):
        reader.console(next(blocks_of("```console\n$ muster nonsense\n```\n")))
    with pytest.raises(AssertionError, match="Expected"):
        reader.pycon(next(blocks_of("```pycon\n>>> 1 + 1\n3\n```\n")))
    reader.file(next(blocks_of("```{code-block} text\n:caption: a/b.txt\n\nhello\n```\n")))
    reader.console(next(blocks_of("```console\n$ cat a/b.txt\nhello\n```\n")))
