"""The C API in the pages: `.. c-header:: snap.h` shows a public header with all that it declares, in its order.

Doxygen reads the headers (docs/sphinx/Doxyfile), and what it warns of is a warning of the build. What it has
understood, as XML, becomes directives of Sphinx's C domain, so that types in signatures are links and one search
finds everything. A header that is on no page, or on two, is a warning as well.
"""

import pathlib
import re
import subprocess
import xml.etree.ElementTree as ElementTree

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.nodes import nested_parse_with_titles

log = logging.getLogger(__name__)

LONGEST_VALUE = 60  # of a macro that is shown with what it stands for


# ---- from Doxygen's XML to reStructuredText -------------------------------------------------

def escaped(text):
    return re.sub(r"([\\*`|_])", r"\\\1", text)


BORDER = "\0"  # of a role, until spaces are tidied; then a space that is not shown


def role(name, text):
    """An inline role between whatever letters."""
    return f"{BORDER}:{name}:`{text}`{BORDER}"


ROLE_OF_KIND = {"function": "c:func", "define": "c:macro", "typedef": "c:type", "enum": "c:enum",
                "enumvalue": "c:enumerator", "struct": "c:struct", "variable": "c:member"}


class Writer:
    """Descriptions as reStructuredText. `kinds`: {id of Doxygen's: kind of what it is}; `names`: {name: kind}"""

    def __init__(self, kinds, names):
        self.kinds, self.names = kinds, names

    def prose(self, text):
        """Doxygen finds a function by its name alone where () follow; here a name is enough."""
        parts = re.split(r"\b((?:muster|MUSTER)_\w+)\b(?:\(\))?", text or "")
        return "".join(role(ROLE_OF_KIND[self.names[part]], part) if number % 2 and part in self.names
                       else escaped(part) for number, part in enumerate(parts))

    def inline(self, element):
        parts = [self.prose(element.text)]
        for child in element:
            parts.append(self._inline_child(child) + self.prose(child.tail))
        return "".join(parts)

    def _inline_child(self, child):
        text = "".join(child.itertext())
        if child.tag == "ref":
            kind = ROLE_OF_KIND.get(self.kinds.get(child.get("refid")))
            return role(kind, text.removesuffix("()")) if kind else escaped(text)
        if child.tag == "computeroutput":
            ref = child.find("ref")
            return self._inline_child(ref) if ref is not None and ref.text == text else role("code", text)
        if child.tag in ("bold", "emphasis"):
            return role("strong" if child.tag == "bold" else "emphasis", text)
        if child.tag == "ulink":
            return role("code", text)
        if child.tag in PLAIN:
            return PLAIN[child.tag]
        raise ValueError(f"<{child.tag}> in a comment of a header; c_headers.py does not know it")

    def blocks(self, element):
        """Lines of all paragraphs of a description, and of what stands among them."""
        lines = []
        for para in element.findall("para"):
            lines += self._para(para)
        return lines

    def _para(self, para):
        """A paragraph of Doxygen's holds text, and lists and fields that end it."""
        lines, run = [], ElementTree.Element("para")
        run.text = para.text
        for child in para:
            if child.tag not in BLOCKS:
                run.append(child)
                continue
            lines += self._flushed(run)
            lines += getattr(self, f"_{child.tag}")(child)
            run = ElementTree.Element("para")
            run.text = child.tail
        return lines + self._flushed(run)

    def _flushed(self, run):
        text = " ".join(self.inline(run).split()).replace(BORDER, "\\ ")
        return [text, ""] if text else []

    def _itemizedlist(self, element, mark="-"):
        lines = []
        for item in element.findall("listitem"):
            lines += hanging(f"{mark} ", self.blocks(item))
        return lines + [""]

    def _orderedlist(self, element):
        return self._itemizedlist(element, "#.")

    def _parameterlist(self, element):
        lines = []
        for item in element.findall("parameteritem"):
            said = self.blocks(item.find("parameterdescription"))
            for name in item.iter("parametername"):
                lines += hanging(f":param {''.join(name.itertext())}: ", said)
        return lines + [""]

    def _simplesect(self, element):
        said = self.blocks(element)
        return hanging(":returns: ", said) + [""] if element.get("kind") == "return" else said

    def _verbatim(self, element):
        return ["::", ""] + ["   " + line for line in element.text.strip("\n").splitlines()] + [""]

    def _programlisting(self, element):
        code = "\n".join(source_line(line) for line in element.findall("codeline"))
        return [".. code-block:: c", ""] + ["   " + line for line in code.splitlines()] + [""]


    def _table(self, element):
        lines = [".. list-table::", "   :header-rows: 1", ""]
        for row in element.findall("row"):
            for number, entry in enumerate(row.findall("entry")):
                cell = hanging("  - " if number else "* - ", self.blocks(entry))
                lines += ["   " + cell[0]] + ["     " + line.strip() if line else "" for line in cell[1:]]
        return lines + [""]


PLAIN = {"ndash": "–", "mdash": "—", "linebreak": " ", "nonbreakablespace": "\u00a0", "sp": " ", "times": "×"}
BLOCKS = {"table", "itemizedlist", "orderedlist", "parameterlist", "simplesect", "verbatim", "programlisting"}


def source_line(line):
    for space in line.iter("sp"):
        space.text = " "
    return "".join(line.itertext())


def hanging(mark, lines):
    """Lines behind a mark, the others under the first."""
    lines = lines or [""]
    return [mark + lines[0]] + [("   " + line if line else "") for line in lines[1:]]


def flat(element):
    """Text of a type or an initializer, without its links."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


# ---- what a header declares -----------------------------------------------------------------

class Headers:
    """All public headers, as Doxygen has understood them."""

    def __init__(self, folder):
        self.compounds = {}
        for path in sorted(folder.glob("*.xml")):
            for compound in ElementTree.parse(path).getroot().iter("compounddef"):
                self.compounds[compound.get("id")] = compound
        found = [(key, compound.findtext("compoundname"), compound.get("kind"))
                 for key, compound in self.compounds.items()]
        for compound in self.compounds.values():
            for member in compound.iter("memberdef"):
                found.append((member.get("id"), member.findtext("name"), member.get("kind")))
                found += [(value.get("id"), value.findtext("name"), "enumvalue")
                          for value in member.findall("enumvalue")]
        self.writer = Writer({key: kind for key, _, kind in found},
                             {name: kind for _, name, kind in found if kind in ROLE_OF_KIND and kind != "variable"})
        self.files = {compound.findtext("compoundname"): compound for compound in self.compounds.values()
                      if compound.get("kind") == "file"}

    def text(self, name):
        """reStructuredText of a header: what its opening comment says, then its declarations."""
        file = self.files[name]
        lines = self.writer.blocks(file.find("detaileddescription"))
        lines += [f"``#include <muster/{name}>`` · :download:`the header </include/muster/{name}>`", ""]
        found = [(line_of(member), self._member(member)) for section in file.findall("sectiondef")
                 for member in section.findall("memberdef") if not is_guard(member)]
        for inner in file.findall("innerclass"):
            compound = self.compounds[inner.get("refid")]
            found.append((line_of(compound), self._struct(compound)))
        for _, declared in sorted(found, key=lambda pair: pair[0]):
            lines += declared + [""]
        return lines

    def _entry(self, directive, signature, element, inner=()):
        said = self.writer.blocks(element.find("detaileddescription")) + list(inner)
        options = ["   :no-contents-entry:"] if directive in ("member", "enumerator") else []
        return [f".. c:{directive}:: {signature}", *options, ""] + ["   " + line if line else "" for line in said]

    def _struct(self, compound):
        members = []
        for member in compound.iter("memberdef"):
            signature = f"{flat(member.find('type'))} {member.findtext('name')}{flat(member.find('argsstring'))}"
            if flat(member.find("type")).endswith("(*"):
                signature = signature.replace("(* ", "(*")
            members += self._entry("member", signature, member) + [""]
        return self._entry(compound.get("kind"), compound.findtext("compoundname"), compound, members)

    def _member(self, member):
        return getattr(self, f"_{member.get('kind')}")(member)

    def _function(self, member):
        signature = f"{flat(member.find('type'))} {member.findtext('name')}{flat(member.find('argsstring'))}"
        return self._entry("function", signature, member)

    def _enum(self, member):
        values = []
        for value in member.findall("enumvalue"):
            values += self._entry("enumerator", f"{value.findtext('name')} {flat(value.find('initializer'))}".strip(),
                                  value) + [""]
        return self._entry("enum", member.findtext("name"), member, values)

    def _typedef(self, member):
        kind, name, arguments = (flat(member.find(tag)) for tag in ("type", "name", "argsstring"))
        opaque = kind.startswith("struct ") and kind.split()[-1] == name
        return self._entry("type", name if opaque else f"{kind}{name}{arguments}".replace("(* ", "(*")
                           if "(*" in kind else f"{kind} {name}", member)

    def _define(self, member):
        parameters = [flat(p.find("defname")) for p in member.findall("param")]
        name = member.findtext("name") + (f"({', '.join(parameters)})" if parameters else "")
        value = flat(member.find("initializer"))
        shown = [f"``{value}``", ""] if value and len(value) <= LONGEST_VALUE else []
        return self._entry("macro", name, member, shown)


def line_of(element):
    return int(element.find("location").get("line"))


def is_guard(member):
    return member.get("kind") == "define" and not (member.findtext("initializer") or "").strip()


# ---- Sphinx ---------------------------------------------------------------------------------

class CHeader(Directive):
    """`.. c-header:: NAME`: a section for one header."""

    required_arguments = 1

    def run(self):
        env, name = self.state.document.settings.env, self.arguments[0]
        if name not in env.app.c_headers.files:
            return [self.state.document.reporter.error(f"there is no public header {name}", line=self.lineno)]
        env.note_dependency(str(pathlib.Path(env.srcdir) / "include/muster" / name))
        pages_of(env).setdefault(env.docname, []).append(name)
        label = f"c-{name.replace('.', '-').replace('_', '-')}"
        title = f"muster/{name}"
        lines = [f".. _{label}:", "", title, "-" * len(title), ""] + env.app.c_headers.text(name)
        node = nodes.Element()
        nested_parse_with_titles(self.state, StringList(lines, source=f"include/muster/{name}"), node)
        return node.children


def run_doxygen(app):
    folder = pathlib.Path(app.doctreedir).parent / "doxygen"
    folder.mkdir(parents=True, exist_ok=True)
    settings = (pathlib.Path(app.confdir) / "Doxyfile").read_text() + f"OUTPUT_DIRECTORY = {folder}\n"
    done = subprocess.run(["doxygen", "-"], input=settings, cwd=app.srcdir, capture_output=True, text=True, check=True)
    for line in done.stderr.splitlines():
        log.warning("doxygen: %s", line)
    app.c_headers = Headers(folder / "xml")


def pages_of(env):
    """{page: its headers}, kept from one build to the next."""
    if not hasattr(env, "c_header_pages"):
        env.c_header_pages = {}
    return env.c_header_pages


def forget_page(app, env, docname):
    pages_of(env).pop(docname, None)


def check_all_are_shown(app, env):
    shown = [name for names in pages_of(env).values() for name in names]
    for name in app.c_headers.files:
        if shown.count(name) != 1:
            log.warning("include/muster/%s is on %d pages of docs/reference/c; expected one", name, shown.count(name))


def setup(app):
    app.add_directive("c-header", CHeader)
    app.connect("builder-inited", run_doxygen)
    app.connect("env-purge-doc", forget_page)
    app.connect("env-check-consistency", check_all_are_shown)
    return {"parallel_read_safe": False}
