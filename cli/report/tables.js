/* Elements and sortable tables. Everything from the data gets onto the page through
 * textContent or an attribute, never as markup. */

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
}

const number = new Intl.NumberFormat("en").format;

/* Minutes round up: who reads "12 min" will find help there by then. */
function minutesText(seconds) {
  const minutes = Math.ceil(seconds / 60 - 1e-9);
  if (minutes < 100) return t("minutes", { n: minutes });
  return t("hours", { h: Math.floor(minutes / 60), min: String(minutes % 60).padStart(2, "0") });
}

/* The smallest value that `percent` of the rising `values` do not exceed, as the summary
 * on the terminal has it. */
function percentile(values, percent) {
  return values[Math.max(0, Math.ceil(values.length * percent / 100) - 1)];
}

/* Columns: { title, key(row) to sort by, cell(row) to show, numeric, first: "descending" }.
 * Rows without a key stay last in either order. */
class SortableTable {
  constructor(table, columns, rows, sortBy, rowAttributes = () => ({})) {
    this.columns = columns;
    this.head = el("tr");
    this.body = el("tbody");
    this.entries = rows.map((row) => ({
      row,
      line: el("tr", rowAttributes(row),
        columns.map((c) => el("td", { class: c.numeric ? "number" : null }, c.cell(row)))),
    }));
    columns.forEach((column, c) => {
      this.head.append(el("th", { scope: "col", class: column.numeric ? "number" : null },
        el("button", { type: "button", onclick: () => this.toggle(c) }, column.title)));
    });
    table.append(el("thead", {}, this.head), this.body);
    this.toggle(sortBy);
  }

  toggle(c) {
    const first = this.columns[c].first || "ascending";
    const other = first === "ascending" ? "descending" : "ascending";
    this.order = this.sorted === c && this.order === first ? other : first;
    this.sorted = c;
    const sign = this.order === "ascending" ? 1 : -1, key = this.columns[c].key;
    const compare = (a, b) => {
      const [x, y] = [key(a.row), key(b.row)];
      if (x == null || y == null) return (x == null) - (y == null);
      return sign * (typeof x === "string" ? x.localeCompare(y) : x - y);
    };
    this.entries.sort(compare);
    this.body.append(...this.entries.map((entry) => entry.line));
    [...this.head.children].forEach((th, i) => {
      if (i === c) th.setAttribute("aria-sort", this.order);
      else th.removeAttribute("aria-sort");
    });
  }

  /* Show the rows that `isWanted`; returns how many there are. */
  filter(isWanted) {
    let count = 0;
    for (const { row, line } of this.entries) {
      line.hidden = !isWanted(row);
      count += !line.hidden;
    }
    return count;
  }
}
