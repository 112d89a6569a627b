"""What a page of Markdown lets its reader type: its blocks of code, in order.

    ```console            commands after "$ ", and what they print
    ```pycon              an interactive session of Python
    ```{code-block} csv   with `:caption: folder/name.csv`: a file of that content
"""

import dataclasses
import re

FENCE = re.compile(r"^```(\{code-block\} )?(\w+)\n(.*?)^```$", re.M | re.S)
CAPTION = re.compile(r":caption: (\S+)\n")


@dataclasses.dataclass
class Block:
    kind: str  # "console", "pycon", "file" or another language, which is read and not run
    text: str
    name: str  # of a file
    line: int


def blocks_of(text):
    for match in FENCE.finditer(text):
        directive, language, body = match.groups()
        caption = CAPTION.match(body) if directive else None
        kind, name = ("file", caption[1]) if caption else (language, "")
        if directive:
            body = body.split("\n\n", 1)[1] if body.startswith(":") else body
        yield Block(kind, body, name, text.count("\n", 0, match.start()) + 2)


def commands_of(text):
    """[(command, expected output)] of a console's block; a command goes on after a backslash."""
    found = []
    lines = iter(text.splitlines())
    for line in lines:
        if not line.startswith("$ "):
            assert found, f"a console begins with \"$ \", not with {line!r}"
            found[-1][1].append(line)
            continue
        command = line[2:]
        while command.endswith("\\"):
            command += "\n" + next(lines)
        found.append((command, []))
    return [(command, "".join(line + "\n" for line in output)) for command, output in found]
