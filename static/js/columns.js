// Order columns with the mouse or with Alt + arrows; without JavaScript the numbers do it.
(() => {
  const body = document.querySelector("[data-columns] tbody");
  if (!body) return;

  function renumber() {
    let place = 0;
    body.querySelectorAll("tr").forEach((row) => {
      const shown = row.querySelector("input[type=checkbox]").checked;
      row.querySelector(".place").value = shown ? (place += 1) : "";
    });
  }

  body.querySelectorAll("tr").forEach((row) => { row.draggable = true; });
  let moving = null;
  body.addEventListener("dragstart", (event) => { moving = event.target.closest("tr"); });
  body.addEventListener("dragover", (event) => {
    const row = event.target.closest("tr");
    if (!moving || !row || row === moving) return;
    event.preventDefault();
    const after = event.clientY > row.getBoundingClientRect().top + row.offsetHeight / 2;
    row[after ? "after" : "before"](moving);
  });
  body.addEventListener("dragend", () => { moving = null; renumber(); });
  body.addEventListener("change", (event) => {
    if (event.target.matches("input[type=checkbox]")) renumber();
  });
  body.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr");
    if (!event.altKey || !row) return;
    const other = event.key === "ArrowUp" ? row.previousElementSibling : event.key === "ArrowDown" ? row.nextElementSibling : null;
    if (!other) return;
    event.preventDefault();
    other[event.key === "ArrowUp" ? "before" : "after"](row);
    event.target.focus();
    renumber();
  });
})();
