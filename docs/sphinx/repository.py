"""Links of the repository's Markdown, on the site.

A link to a page is one here too, and one to another file gives the file: Sphinx does that. What is left: a public
header leads to its page, a folder to its README where that is a page, and to nothing otherwise. The site has its
first page in a folder, so its root sends whoever comes there on.
"""

import pathlib
import re

LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1`*$", re.M | re.S)

ROOT_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>muster</title>
<meta http-equiv="refresh" content="0; url=docs/index.html"><a href="docs/index.html">muster</a></html>
"""


def target_of(app, folder, target):
    """Where a link of a page in `folder` leads on the site; None: nowhere."""
    path, hash_sign, anchor = target.partition("#")
    if not path or re.match(r"[a-z]+:", path):
        return target
    file = pathlib.Path(app.srcdir, folder, path).resolve()
    inside = file.relative_to(app.srcdir) if file.is_relative_to(app.srcdir) else None
    if inside is None:
        return target  # Sphinx says that it is not there
    up = "../" * len(pathlib.Path(folder).parts)
    if inside.parent == pathlib.Path("include/muster") and inside.suffix == ".h":
        return "#c-" + inside.name.replace(".", "-").replace("_", "-")
    if inside == pathlib.Path("include/muster"):
        return f"{up}docs/reference/c/index.rst"
    if not file.is_dir():
        return target
    readme = (inside / "README.md").as_posix()
    return f"{up}{readme}{hash_sign}{anchor}" if readme.removesuffix(".md") in app.env.found_docs else None


def rewrite_links(app, docname, source):
    if pathlib.Path(app.env.doc2path(docname)).suffix != ".md":
        return
    folder = pathlib.Path(docname).parent.as_posix()

    def rewritten(match):
        target = target_of(app, folder, match[2])
        return match[1] if target is None else f"[{match[1]}]({target})"

    text, kept, at = source[0], [], 0
    for code in CODE.finditer(text):
        kept += [LINK.sub(rewritten, text[at:code.start()]), code[0]]
        at = code.end()
    source[0] = "".join(kept) + LINK.sub(rewritten, text[at:])


def write_root_page(app, error):
    if error is None and app.builder.format == "html":
        (pathlib.Path(app.outdir) / "index.html").write_text(ROOT_PAGE)


def setup(app):
    app.connect("source-read", rewrite_links)
    app.connect("build-finished", write_root_page)
    return {"parallel_read_safe": True}
