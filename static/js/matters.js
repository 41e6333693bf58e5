// Lines to type matters into: one more at a press, or when the last one is begun. The page works without.
const lines = document.querySelector("[data-typing]");
const empty = document.querySelector("template[data-empty]");
const count = document.querySelector("[data-rows]");
const more = document.querySelector("[data-add]");
const MOST = 50;

function add() {
  const place = Number(count.value);
  if (place >= MOST) return null;
  const line = empty.content.firstElementChild.cloneNode(true);
  const put = (text) => text.replaceAll("__place__", String(place)).replaceAll("__number__", String(place + 1));
  [line, ...line.querySelectorAll("*")].forEach((node) => {
    [...node.attributes].forEach((attribute) => node.setAttribute(attribute.name, put(attribute.value)));
  });
  const legend = line.querySelector("legend");
  legend.textContent = put(legend.textContent);
  lines.append(line);
  count.value = String(place + 1);
  if (window.htmx) window.htmx.process(line);
  return line;
}

// A phone shows two empty lines at first; one more is a press away.
function isEmpty(line) {
  return [...line.querySelectorAll("textarea, input:not([type=date]), select")].every((field) => field.value === "");
}

function shorten() {
  const filled = [...lines.children].reduce((last, line, place) => (isEmpty(line) ? last : place + 1), 0);
  while (lines.children.length > filled + 2) lines.lastElementChild.remove();
  count.value = String(lines.children.length);
}

if (lines && empty && count && more) {
  if (window.matchMedia("(max-width: 600px)").matches) shorten();
  more.hidden = false;
  more.addEventListener("click", () => {
    const line = add();
    if (line) line.querySelector("textarea").focus();
  });
  lines.addEventListener("input", (event) => {
    if (event.target.closest(".typing-row") === lines.lastElementChild) add();
  });
}
