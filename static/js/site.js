// Small helpers of every page. Pages work without this file.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing) {
    const box = document.querySelector("[data-shortcut='/']");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  }
  if (event.key === "Escape") {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      const inside = menu.contains(document.activeElement);
      menu.removeAttribute("open");
      if (inside) menu.querySelector("summary").focus();
    });
  }
});

// A menu closes when the reader clicks elsewhere.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
});

// data-submit-on-change: a select or checkbox sends its form at once; without JavaScript its button does.
document.addEventListener("change", (event) => {
  const control = event.target.closest("[data-submit-on-change]");
  if (control) control.form.requestSubmit();
});

// data-print: prints the page as it stands.
document.querySelectorAll("button[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// data-to-table: the way back to the plan table leads to the view that this window last showed.
document.querySelectorAll("a[data-to-table]").forEach((link) => {
  const last = window.sessionStorage.getItem("plan-table");
  if (last) link.href = last;
});

// data-pick-row: radio and value stand side by side; who fills in a value means its radio.
document.addEventListener("input", (event) => {
  const value = event.target.closest("[data-pick-row] > div");
  const radio = value && value.previousElementSibling.querySelector("input[type=radio]");
  if (radio) radio.checked = true;
});

// A form is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  // What the page's own script held back, without a network for one, was not sent.
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  window.setTimeout(() => delete form.dataset.sent, 8000);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// A form that came back refused opens at its first wrong field, unless a message above leads to each of them.
const wrong = document.querySelector("main form [aria-invalid='true']");
if (wrong && !document.querySelector("main .notice-danger a[href^='#']")) {
  for (let fold = wrong.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  wrong.focus({ preventScroll: true });
  wrong.scrollIntoView({ block: "center" });
}

// A refusal that names its place (session ended, conflict) is shown there; htmx by itself drops answers of 400 and above.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
});
