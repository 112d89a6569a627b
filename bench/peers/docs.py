"""Tables and pictures into docs/benchmarks.md, between the marks that it has for them."""

import pathlib
import shutil

ROOT = pathlib.Path(__file__).resolve().parents[2]


def replaced(text, mark, block):
    begin, end = f"<!-- {mark}: begin -->\n", f"<!-- {mark}: end -->"
    if begin not in text or end not in text:
        raise SystemExit(f"docs/benchmarks.md has no place for \"{mark}\"")
    head, rest = text.split(begin, 1)
    return head + begin + "\n" + block + "\n\n" + end + rest.split(end, 1)[1]


def write_blocks(blocks):
    """blocks: {mark: text}"""
    path = ROOT / "docs/benchmarks.md"
    text = path.read_text(encoding="utf-8")
    for place, block in blocks.items():
        text = replaced(text, place, block)
    path.write_text(text, encoding="utf-8")


def write(blocks, folder, mark, pictures):
    """blocks: {mark: text}; pictures: {name of a file in the folder: title}, which go where `mark`
    is. Those that were not drawn are left out."""
    drawn = [name for name in pictures if (folder / f"{name}.svg").exists()]
    write_blocks({**blocks, mark: "\n\n".join(f"![{pictures[name]}](images/bench/{name}.svg)"
                                              for name in drawn)})
    target = ROOT / "docs/images/bench"
    target.mkdir(parents=True, exist_ok=True)
    for name in drawn:
        shutil.copyfile(folder / f"{name}.svg", target / f"{name}.svg")
