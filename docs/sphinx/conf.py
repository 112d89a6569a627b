"""The documentation's site (./run docs): the repository's own Markdown, the Python package and the C headers.

The repository is Sphinx's source folder, so that pages are read where they are, and links among them and to
other files are right on the site as they are where the repository is browsed."""

import os
import pathlib
import re
import sys

CONFIG = pathlib.Path(__file__).resolve().parent
ROOT = CONFIG.parents[1]
sys.path.insert(0, str(CONFIG))
sys.path.insert(0, os.environ.get("MUSTER_PYTHON", str(ROOT / "build/release/bindings/python")))

project = "muster"
author = "the muster authors"
copyright = author
release = version = re.search(r"project\(muster VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())[1]

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx_design", "sphinx_copybutton", "c_headers",
              "formulas", "python_package", "repository"]

# ---- what is read ---------------------------------------------------------------------------

root_doc = "docs/index"
include_patterns = ["docs/**", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md",
                    "bindings/python/README.md", "examples/README.md", "examples/notebooks/*", "data/jiaxing/README.md",
                    "data/scenarios/README.md"]
exclude_patterns = ["docs/sphinx", "docs/images"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb", ".rst": "restructuredtext"}

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
# tests/notebooks runs them; they are kept, and shown, without what their cells print.
nb_execution_mode = "off"
# Listings in pages that are read elsewhere too: with "..." where something is left out, which no language has.
suppress_warnings = ["misc.highlighting_failure"]
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_exclude = ".linenos, .gp, .go"

# ---- what is checked ------------------------------------------------------------------------

nitpicky = True
# Types of C's own library, and all that Python users have beside muster.
nitpick_ignore_regex = [("c:identifier", r"u?int(8|16|32|64)_t|size_t|FILE"), ("py:.*", r"(?!muster\.).*")]

# ---- Python ---------------------------------------------------------------------------------

default_role = "code"
highlight_language = "text"  # what says no language is a synopsis or a printout
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_use_unqualified_type_names = True
c_maximum_signature_line_length = 90
python_maximum_signature_line_length = 90

# ---- how it looks ---------------------------------------------------------------------------

html_theme = "furo"
html_math_renderer = "mathml"
html_title = f"muster {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b6e8f", "color-brand-content": "#0b6e8f",
                            "color-brand-visited": "#0b6e8f"},
    "dark_css_variables": {"color-brand-primary": "#6cc5e0", "color-brand-content": "#6cc5e0",
                           "color-brand-visited": "#6cc5e0"},
    "navigation_with_keys": False,
}
pygments_style = "default"
pygments_dark_style = "github-dark"
