"""What a reader of the built site would stumble over: a page that is not there, an anchor that leads nowhere, a picture
that is missing or says nothing to who cannot see it, and anything that has to be fetched from elsewhere."""

import html.parser
import pathlib
import re
import urllib.parse

FETCHED = {"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src"}
STYLE_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.fetched, self.silent = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.update(value for name, value in attributes if name in ("id", "name") and value)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "link" and {"stylesheet", "icon", "preload", "preconnect", "modulepreload"} & set(
                given.get("rel", "").split()):
            self.fetched.append(given["href"])
        if given.get(FETCHED.get(tag, "")):
            self.fetched.append(given[FETCHED[tag]])
        if tag == "img" and not given.get("alt", "").strip():
            self.silent.append(given.get("src"))


def is_elsewhere(address):
    return bool(re.match(r"(?:[a-z][a-z0-9+.-]*:)?//", address, re.I))


def faults(folder):
    """A sentence for each fault of the site in a folder."""
    folder, found = pathlib.Path(folder).resolve(), []
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))}

    def target(path, address):
        return (path.parent / urllib.parse.unquote(address)).resolve() if address else path.resolve()

    for path, page in pages.items():
        name = path.relative_to(folder)
        for source in page.silent:
            found.append(f"{name}: the picture {source} has no words for who cannot see it")
        for address in page.fetched:
            if is_elsewhere(address):
                found.append(f"{name}: {address} is fetched from elsewhere")
            elif not address.startswith("data:") and not target(path, address.split("?")[0].split("#")[0]).exists():
                found.append(f"{name}: {address} is not there")
        for address in page.links:
            if is_elsewhere(address) or re.match(r"[a-z]+:", address, re.I):
                continue
            file, _, anchor = address.partition("#")
            to = target(path, file.split("?")[0])
            if not to.exists():
                found.append(f"{name}: the link {address} leads nowhere")
            elif anchor and to in pages and urllib.parse.unquote(anchor) not in pages[to].ids:
                found.append(f"{name}: {address} has no such anchor")
    for path in sorted(folder.rglob("*.css")):
        for match in STYLE_URL.finditer(path.read_text(encoding="utf-8")):
            if is_elsewhere(match[1] or match[2]):
                found.append(f"{path.relative_to(folder)}: {match[1] or match[2]} is fetched from elsewhere")
    return found
