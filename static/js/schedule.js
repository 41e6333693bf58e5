// The page of a schedule: keys, a block pasted from Excel, live sums, unsaved changes. It works without this file.
(() => {
  const form = document.querySelector("[data-schedule]");
  if (!form) return;
  const body = form.querySelector("[data-lines]");
  const template = form.querySelector("[data-line-template]");
  const count = form.querySelector("[name='node-TOTAL_FORMS']");
  const FINISHES = /竣工|交工|投产|全容量并网|通过验收/;

  // Lines

  function addLine() {
    const place = Number(count.value);
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", place).replaceAll(`第 ${place} 行`, `第 ${place + 1} 行`);
    const line = holder.content.firstElementChild;
    line.querySelector("[data-number]").prepend(String(place + 1));
    body.append(line);
    count.value = place + 1;
    return line;
  }

  const lines = () => [...body.querySelectorAll("[data-line]")];
  // Text boxes of a line in the order of a pasted row; the kind follows from the name.
  const boxes = (line) => [...line.querySelectorAll("input[type=text]")];
  const columnOf = (box) => [...box.closest("[data-line]").querySelectorAll("input[type=text], select")].indexOf(box);

  form.querySelector("[data-add-line]").addEventListener("click", (event) => {
    event.preventDefault();
    boxes(addLine())[0].focus();
    markUnsaved();
  });

  // Keys: Enter and the arrows go through a column, or through the months

  function neighbour(box, step, mayAdd) {
    if (box.dataset.month) {
      return form.querySelector(`[data-month='${Number(box.dataset.month) + step}']`);
    }
    const line = box.closest("[data-line]");
    if (!line) return null;
    const all = lines();
    const next = all[all.indexOf(line) + step] || (mayAdd ? addLine() : null);
    return next && next.querySelectorAll("input[type=text], select")[columnOf(box)];
  }

  form.addEventListener("keydown", (event) => {
    const box = event.target;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!box.matches("[data-line] input, [data-line] select, [data-month]")) {
      // Elsewhere too, Enter in a box does not send half a page.
      if (event.key === "Enter" && box.matches("input")) event.preventDefault();
      return;
    }
    const arrows = box.matches("select") || box.type === "checkbox" ? {} : { ArrowDown: 1, ArrowUp: -1 };
    const step = event.key === "Enter" ? (event.shiftKey ? -1 : 1) : arrows[event.key];
    if (!step) return;
    event.preventDefault();
    const next = neighbour(box, step, event.key === "Enter" && step === 1);
    if (next) {
      next.focus();
      if (next.select) next.select();
    }
  });

  // A block from Excel: it fills the boxes to the right and below; missing lines are added

  function fillLines(box, rows) {
    const first = boxes(box.closest("[data-line]")).indexOf(box);
    let place = lines().indexOf(box.closest("[data-line]"));
    rows.forEach((cells) => {
      const line = lines()[place] || addLine();
      const targets = boxes(line).slice(first);
      cells.slice(0, targets.length).forEach((text, column) => { targets[column].value = text.trim(); });
      if (first === 0 && cells[0].trim()) guessKind(line, cells[0].trim());
      place += 1;
    });
  }

  function guessKind(line, name) {
    const kind = line.querySelector("select");
    kind.value = name.startsWith("开工") ? "start" : FINISHES.test(name) ? "finish" : "node";
  }

  function fillMonths(box, rows) {
    let month = Number(box.dataset.month);
    rows.flat().forEach((text) => {
      const target = form.querySelector(`[data-month='${month}']`);
      if (target) target.value = text.trim();
      month += 1;
    });
  }

  form.addEventListener("paste", (event) => {
    const box = event.target;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n+$/, "");
    if (!/[\t\n]/.test(text) || !box.matches("[data-line] input[type=text], [data-month]")) return;
    event.preventDefault();
    const rows = text.split("\n").filter((row) => row.trim()).map((row) => row.split("\t"));
    if (box.dataset.month) fillMonths(box, rows);
    else fillLines(box, rows);
    markUnsaved();
    showSums();
  });

  // Sums in cents, so that they are exact

  const cents = (text) => {
    const number = Number(text.normalize("NFKC").replace(/[,\s]/g, "") || 0);
    return Number.isFinite(number) ? Math.round(number * 100) : 0;
  };
  const wan = (value) => (value / 100).toLocaleString("zh-CN", { minimumFractionDigits: value % 100 ? 2 : 0 });

  function showSums() {
    const months = [...form.querySelectorAll("[data-month]")];
    form.querySelectorAll("[data-quarter]").forEach((quarter) => {
      const sum = [...quarter.querySelectorAll("[data-month]")].reduce((total, box) => total + cents(box.value), 0);
      quarter.querySelector("[data-quarter-sum]").textContent = wan(sum);
    });
    const weights = lines().filter((line) => !line.querySelector("[name$='-remove']").checked)
      .reduce((total, line) => total + cents(line.querySelector("[name$='-weight']").value), 0);
    form.querySelector("[data-weight-sum]").textContent = wan(weights);
    if (!months.some((box) => box.value.trim())) return;
    const total = months.reduce((sum, box) => sum + cents(box.value), 0);
    const planned = form.dataset.yearPlan;
    const difference = planned ? total - cents(planned) : null;
    const told = difference === null ? "" : difference ? `，与年度计划相差 ${wan(difference)}` : "，与年度计划一致";
    form.querySelector("[data-months-sum]").textContent = `合计 ${wan(total)}${told}`;
  }

  // Unsaved changes

  let unsaved = "unsaved" in form.dataset;
  const note = form.querySelector("[data-unsaved-note]");
  function markUnsaved() {
    unsaved = true;
    note.hidden = false;
  }
  note.hidden = !unsaved;
  form.addEventListener("input", () => { markUnsaved(); showSums(); });
  form.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  showSums();
})();
