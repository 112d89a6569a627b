/* What the page was given, and the words in its language, for both reports. */

const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const isChinese = data.language === "zh";

/* The text of a key, with {name} replaced. A key that is missing is a fault, and the console says so. */
function t(key, values = {}) {
  const template = data.text[key];
  if (template === undefined) throw new Error(`no text for ${key}`);
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/* What the template leaves to be said. */
function showTexts() {
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = t(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
  for (const node of document.querySelectorAll("[data-hint]")) node.placeholder = t(node.dataset.hint);
}
