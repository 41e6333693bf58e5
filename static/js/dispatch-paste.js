// The weekly entry filled from a block of Excel: rows by line, columns by tab.
(() => {
  if (!window.weeklyEntry) return;
  const {
    form, cards, isOpen, isShown, field, nameOf, stateOf, keepDraft, enqueue, alert, hush, follow, showMore,
  } = window.weeklyEntry;
  const first = cards().find(isOpen);
  const COLUMNS = first ? [...first.querySelectorAll(".figures > .box, :scope > .box")].map((box) => box.dataset.box) : [];

  // A cell with line breaks comes in quotes.

  function table(text) {
    const rows = [[""]];
    let quoted = false;
    const add = (character) => { const row = rows[rows.length - 1]; row[row.length - 1] += character; };
    for (let at = 0; at < text.length; at += 1) {
      const character = text[at];
      const row = rows[rows.length - 1];
      if (quoted && character === '"' && text[at + 1] === '"') { add('"'); at += 1; }
      else if (quoted && character === '"') quoted = false;
      else if (quoted) add(character);
      else if (character === '"' && row[row.length - 1] === "") quoted = true;
      else if (character === "\t") row.push("");
      else if (character === "\n") rows.push([""]);
      else if (character !== "\r") add(character);
    }
    if (rows[rows.length - 1].join("") === "") rows.pop();
    return rows;
  }

  function isBlock(data, text, control) {
    if (text.includes("\t")) return true;
    const isOneCell = !text.trim().includes("\n");
    return !isOneCell && (control.type === "text" || /<table[\s>]/i.test(data.getData("text/html")));
  }

  function fill(control, rows) {
    const all = cards().filter(isShown);
    const start = all.indexOf(control.closest(".report"));
    const column = COLUMNS.indexOf(nameOf(control));
    const told = { filled: 0, beyond: 0, closed: 0 };
    rows.forEach((cells, down) => {
      const card = all[start + down];
      if (!card) told.beyond += 1;
      else if (!isOpen(card)) told.closed += 1;
      else told.filled += fillRow(card, column, cells);
    });
    return told;
  }

  function fillRow(card, column, cells) {
    const changed = [];
    cells.forEach((cell, right) => {
      const name = COLUMNS[column + right];
      if (!name || cell.trim() === "") return;
      field(card, name).value = cell.trim();
      changed.push(field(card, name));
    });
    const money = changed.filter((each) => ["week_investment", "ytd_investment"].includes(nameOf(each)));
    // Two pasted figures that disagree are left as they are, for the server to name both.
    if (money.length === 1) follow(money[0]);
    changed.forEach((each) => each.closest(".box").classList.add("is-filled"));
    showMore(card);
    if (changed.length) {
      keepDraft(card);
      stateOf(card.dataset.plan).unsaved = true;
      enqueue(card.dataset.plan, "save");
    }
    return changed.length;
  }

  form.addEventListener("paste", (event) => {
    const control = event.target.closest(".report input:not([type=file]), .report textarea");
    if (!control || !COLUMNS.includes(nameOf(control))) return;
    const text = event.clipboardData.getData("text/plain");
    if (!isBlock(event.clipboardData, text, control)) return;
    event.preventDefault();
    const told = fill(control, table(text));
    const more = [told.beyond ? `多出 ${told.beyond} 行没有填入` : "", told.closed ? `${told.closed} 行已报送、没有改动` : ""].filter(Boolean);
    hush(`已填入 ${told.filled} 格。`);
    alert(more.length ? `已填入 ${told.filled} 格（绿底）；${more.join("，")}。` : "");
  });
})();
