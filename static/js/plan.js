// The plan table: pinned columns, selection, rows that open in place, and cells edited where they stand.
// Every one of these has a page that does the same without JavaScript.
(() => {
  const frame = () => document.querySelector(".plan-frame");
  const table = () => document.querySelector("table.plan");
  const bodyRows = () => [...document.querySelectorAll("table.plan tbody tr[data-plan]")];

  // Columns that stay put: each pinned cell sticks where its left neighbours end.
  function pinColumns() {
    const grid = table();
    if (!grid || window.matchMedia("(max-width: 700px)").matches) return;
    const widths = [...grid.querySelectorAll("col")].map((col) => Number(col.getAttribute("width")));
    const extra = grid.dataset.selectable === undefined ? 0 : 1;
    const pinned = Number(grid.dataset.pinned) + extra;
    const lefts = widths.map((_, place) => widths.slice(0, place).reduce((sum, width) => sum + width, 0));
    const pin = (cell, place) => {
      cell.classList.add("pinned");
      cell.classList.toggle("pinned-last", place === pinned - 1);
      cell.style.left = `${lefts[place]}px`;
    };
    grid.querySelectorAll("tbody tr").forEach((row) => {
      for (let place = 0; place < pinned && place < row.cells.length; place += 1) pin(row.cells[place], place);
    });
    const heads = [...grid.querySelectorAll("thead tr:first-child th")];
    for (let place = 0; place < pinned && place < heads.length && heads[place].colSpan === 1; place += 1) {
      pin(heads[place], place);
    }
  }

  // The second header row sticks below the first.
  function stackHeaders() {
    const rows = document.querySelectorAll("table.plan thead tr");
    if (rows.length < 2) return;
    const height = rows[0].getBoundingClientRect().height;
    rows[1].querySelectorAll("th").forEach((cell) => { cell.style.top = `${height}px`; });
  }

  // Selection
  const boxes = () => [...document.querySelectorAll("table.plan input[name=plan]")];
  let lastBox = null;

  function showSelection() {
    const bar = document.querySelector(".bulk-bar");
    if (!bar) return;
    const chosen = boxes().filter((box) => box.checked).length;
    bar.hidden = chosen === 0;
    bar.querySelector("[data-count]").textContent = chosen;
    const all = document.querySelector("[data-pick-all]");
    if (all) {
      all.checked = chosen > 0 && chosen === boxes().length;
      all.indeterminate = chosen > 0 && chosen < boxes().length;
    }
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest("table.plan input[name=plan]");
    if (box) {
      if (event.shiftKey && lastBox) {
        const list = boxes();
        const [from, to] = [list.indexOf(lastBox), list.indexOf(box)].sort((a, b) => a - b);
        if (from >= 0) list.slice(from, to + 1).forEach((other) => { other.checked = box.checked; });
      }
      lastBox = box;
      showSelection();
      return;
    }
    if (event.target.closest("[data-pick-all]")) {
      boxes().forEach((other) => { other.checked = event.target.checked; });
      showSelection();
      return;
    }
    if (event.target.closest("[data-pick-none]")) {
      boxes().forEach((other) => { other.checked = false; });
      showSelection();
      return;
    }
    const cell = event.target.closest("table.plan tbody tr[data-plan] td");
    if (cell && !event.target.closest("a, input, select, textarea, button, form, .pick")) {
      if (!window.getSelection().toString()) cell.parentElement.classList.toggle("is-open");
      if (cell.tabIndex >= 0) focusCell(cell);
    }
  });

  // Cells as in a spreadsheet: arrows move, Enter or F2 or a double click edits, Escape leaves.
  function keyOf(cell) {
    const name = [...cell.classList].find((word) => word.startsWith("c-"));
    return name && name.slice(2);
  }

  function isEditable(cell) {
    const { editable, ownKeys } = table().dataset;
    if (!keyOf(cell)) return false;
    return editable === "all" || (cell.parentElement.classList.contains("own") && ownKeys.split(" ").includes(keyOf(cell)));
  }

  function editableCell(node) {
    const grid = table();
    if (!grid || grid.dataset.editable === undefined) return null;
    const cell = node.closest("tr[data-plan] td");
    return cell && isEditable(cell) ? cell : null;
  }

  function focusCell(cell) {
    document.querySelectorAll("table.plan td[tabindex='0']").forEach((other) => { other.tabIndex = -1; });
    cell.tabIndex = 0;
    cell.focus({ preventScroll: false });
  }

  function makeFocusable() {
    const grid = table();
    if (!grid || grid.dataset.editable === undefined) return;
    bodyRows().forEach((row) => [...row.cells].filter(isEditable).forEach((cell) => { cell.tabIndex = -1; }));
    const first = grid.querySelector("tr[data-plan] td[tabindex]");
    if (first) first.tabIndex = 0;
  }

  function neighbour(cell, key) {
    const row = cell.parentElement;
    const rows = bodyRows();
    const target = { ArrowUp: rows[rows.indexOf(row) - 1], ArrowDown: rows[rows.indexOf(row) + 1] }[key] || row;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key] || 0;
    const next = target.cells[cell.cellIndex + step];
    return next && isEditable(next) ? next : null;
  }

  function edit(cell) {
    if (cell.querySelector("form")) return;
    const url = table().dataset.cellUrl.replace("/0/", `/${cell.parentElement.dataset.plan}/`).replace("/_/", `/${keyOf(cell)}/`);
    cell.dataset.before = cell.innerHTML;
    window.htmx.ajax("GET", url, { target: cell, swap: "innerHTML" });
  }

  function leave(cell) {
    if (cell.dataset.before === undefined) return;
    cell.replaceChildren(...new DOMParser().parseFromString(`<body>${cell.dataset.before}</body>`, "text/html").body.childNodes);
    delete cell.dataset.before;
    focusCell(cell);
  }

  document.addEventListener("dblclick", (event) => {
    const cell = editableCell(event.target);
    if (cell && !event.target.closest("a, form")) edit(cell);
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const cell = event.target.closest && editableCell(event.target);
    if (!cell) return;
    if (event.key === "Escape") {
      leave(cell);
      event.preventDefault();
      return;
    }
    if (event.target !== cell) return;
    if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      edit(cell);
    } else if (event.key.startsWith("Arrow")) {
      const next = neighbour(cell, event.key);
      if (next) {
        event.preventDefault();
        focusCell(next);
      }
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-cell-cancel]")) leave(event.target.closest("td"));
  });

  // Enter saves and moves down, as in a spreadsheet; in long texts Ctrl+Enter does.
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest && event.target.closest(".cell-form textarea");
    if (field && event.key === "Enter" && event.ctrlKey) field.form.requestSubmit();
  });

  // Only a settled form is bound by htmx: an Enter that came earlier would leave the page.
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target;
    if (!target || !target.matches("table.plan td")) return;
    const field = target.querySelector(".cell-form [name=value]");
    if (field) {
      field.focus();
      if (field.select) field.select();
    } else {
      delete target.dataset.before;
      focusCell(neighbour(target, "ArrowDown") || target);
    }
  });

  // Links inside the results swap the results; opened in a new tab they are ordinary links.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-swap]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    window.htmx.ajax("GET", link.href, { target: "#plan-results", swap: "outerHTML" }).then(() => {
      window.history.pushState({ htmx: true }, "", link.href);
      keepAddress();
    });
  });

  // Empty fields and out-dated pages don't belong in an address that is sent to a colleague.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.closest || !event.detail.elt.closest("#plan-filter")) return;
    const data = event.detail.formData;
    [...new Set(data.keys())].forEach((name) => {
      const values = data.getAll(name).filter((value) => value !== "");
      data.delete(name);
      values.forEach((value) => data.append(name, value));
    });
  });

  // The six ones stand in the same kind of table, and remember their own filter.
  const place = document.getElementById("plan-filter").dataset.place || "plan-table";
  let shown = "";

  function keepAddress() {
    const here = window.location.pathname + window.location.search;
    shown = here;
    window.sessionStorage.setItem(place, here);
    document.querySelectorAll("[data-back]").forEach((field) => { field.value = here; });
    document.querySelectorAll("a[data-with-query]").forEach((link) => {
      link.href = link.href.split("?")[0] + window.location.search;
    });
    document.querySelectorAll("#plan-filter input[name=q]").forEach((box) => {
      if (document.activeElement !== box) box.value = new URLSearchParams(window.location.search).get("q") || "";
    });
  }

  // A saved amount moves the sums: the results are read again, and the reader stays where they were.
  document.addEventListener("plan-sums-changed", () => {
    const { scrollLeft, scrollTop } = frame();
    const cell = document.activeElement.closest("tr[data-plan] td");
    const plan = cell && cell.parentElement.dataset.plan;
    const key = cell && keyOf(cell);
    window.htmx.ajax("GET", window.location.href, { target: "#plan-results", swap: "outerHTML" }).then(() => {
      frame().scrollTo(scrollLeft, scrollTop);
      const again = plan && document.querySelector(`tr[data-plan="${plan}"] td.c-${key}`);
      if (again) focusCell(again);
    });
  });

  // The last filter is offered again on the bare page.
  const LAST = place === "plan-table" ? "plan-last-filter" : `${place}-last-filter`;
  function rememberFilter() {
    const resume = document.querySelector(".plan-resume");
    if (document.querySelector(".chip")) {
      // The filter comes back, not the day it was looked through.
      const search = new URLSearchParams(window.location.search);
      search.delete("as_of");
      window.localStorage.setItem(LAST, `?${search}`);
      resume.hidden = true;
    } else if (window.location.search === "" && window.localStorage.getItem(LAST)) {
      resume.querySelector("[data-resume]").href = window.location.pathname + window.localStorage.getItem(LAST);
      resume.hidden = false;
    }
  }

  // Back and forward read the page again; a jump within it (跳到正文) does not.
  window.addEventListener("popstate", () => {
    if (window.location.pathname + window.location.search !== shown) window.location.reload();
  });

  // A long list of options can be searched.
  document.querySelectorAll(".facet-options").forEach((list) => {
    if (list.querySelectorAll(".option").length < 12) return;
    const box = document.createElement("input");
    box.type = "search";
    box.className = "form-control form-control-sm facet-find";
    box.placeholder = "在列表中查找";
    box.setAttribute("aria-label", "在列表中查找");
    box.addEventListener("input", () => {
      document.querySelectorAll(`#${list.id} .option`).forEach((option) => {
        option.hidden = !option.textContent.includes(box.value.trim());
      });
    });
    list.before(box);
  });

  const fold = document.querySelector(".fold-button");
  if (fold) {
    fold.hidden = false;
    fold.addEventListener("click", () => {
      fold.setAttribute("aria-expanded", fold.parentElement.classList.toggle("is-unfolded"));
    });
  }

  function prepare() {
    pinColumns();
    stackHeaders();
    makeFocusable();
    showSelection();
    keepAddress();
    rememberFilter();
  }
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target && event.detail.target.id === "plan-results") prepare();
    else keepAddress();
  });
  document.addEventListener("htmx:pushedIntoHistory", keepAddress);
  prepare();
  document.documentElement.classList.add("has-script");
})();
