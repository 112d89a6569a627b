"""The Python package in the pages: `.. python-module:: muster.metric` shows what `import muster` has of a module.

What comes from a module that no page names is shown by `.. python-rest:: MODULE...`, which is given those that
are, so whatever the package is given is in its reference.
"""

import re

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList
from sphinx.util.nodes import nested_parse_with_titles

import muster

# Classes and functions; what a constant is, a page says itself.
PUBLIC = {name: getattr(muster, name) for name in muster.__all__ if hasattr(getattr(muster, name), "__module__")}
HOME = {name: thing.__module__ for name, thing in PUBLIC.items()}


def entry(name):
    thing = PUBLIC[name]
    if not isinstance(thing, type):
        return [f".. autofunction:: muster.{name}", ""]
    shown = ["   :show-inheritance:"] if issubclass(thing, BaseException) else ["   :members:", "   :undoc-members:"]
    return [f".. autoclass:: muster.{name}", *shown, ""]


class PythonModule(Directive):
    required_arguments, optional_arguments, final_argument_whitespace = 1, 0, True

    def names(self):
        return [name for name in PUBLIC if HOME[name] == self.arguments[0]]

    def run(self):
        lines = [line for name in self.names() for line in entry(name)]
        node = nodes.Element()
        nested_parse_with_titles(self.state, StringList(lines, source=self.arguments[0]), node)
        return node.children


class PythonRest(PythonModule):
    def names(self):
        shown = self.arguments[0].split()
        return [name for name in PUBLIC if HOME[name] not in shown]


def one_parameter_each(app, what, name, thing, options, lines):
    """`:param lon, lat: degrees` says the same of both."""
    together = re.compile(r":param ([\w]+(?:, \w+)+):")
    for at in reversed([at for at, line in enumerate(lines) if together.match(line)]):
        names, end = together.match(lines[at])[1].split(", "), at + 1
        while end < len(lines) and lines[end].startswith(" "):
            end += 1
        said = [lines[at].partition(": ")[2], *lines[at + 1:end]]
        lines[at:end] = [line for name in names for line in (f":param {name}: {said[0]}", *said[1:])]


def indented_is_code(app, what, name, thing, options, lines):
    """What is indented behind an empty line is code, as help() shows it. What Python says of a field of a named tuple
    by itself says nothing."""
    if lines and lines[0].startswith("Alias for field number"):
        del lines[:]
    for at in range(len(lines) - 1, 0, -1):
        begins = lines[at].startswith("    ") and not lines[at - 1].strip()
        before = next((line for line in reversed(lines[:at]) if line.strip()), "")
        if begins and not before.startswith((" ", ":", "-", "*", "..")) and not before.endswith("::"):
            lines[at:at] = [".. code-block:: python", ""]


def made_by_others(app, what, name, thing, options, signature, returned):
    """Objects come from functions; what their class is called with is nobody's business."""
    return ("", None) if what in ("class", "exception") and signature else None


def where_users_find_it(app, env, node, content):
    """Annotations and docstrings say `muster.metric.Metric`, or `Metric`, of what is documented as `muster.Metric`."""
    name = node.get("reftarget", "").rpartition(".")[2]
    if node.get("refdomain") != "py" or name not in PUBLIC:
        return None
    return env.domains["py"].resolve_xref(env, node["refdoc"], app.builder, "obj", f"muster.{name}", node, content)


def setup(app):
    app.connect("autodoc-process-docstring", indented_is_code)
    app.connect("autodoc-process-signature", made_by_others)
    app.connect("missing-reference", where_users_find_it)
    app.connect("autodoc-process-docstring", one_parameter_each)
    app.add_directive("python-module", PythonModule)
    app.add_directive("python-rest", PythonRest)
    return {"parallel_read_safe": True}
