// The running total of a scoring sheet, in tenths so that it adds up exactly. The server reckons again.
(() => {
  const form = document.querySelector("[data-sum]");
  if (!form) return;
  const shown = form.querySelector("[data-total]");
  const fields = [...form.querySelectorAll("[data-points]")];

  // Full width digits and points are read as the server reads them.
  function tenths(text) {
    const plain = text.normalize("NFKC").trim();
    return /^\d+(\.\d)?$/.test(plain) ? Math.round(Number(plain) * 10) : null;
  }

  function isWrong(field) {
    if (!field.value.trim()) return false;
    const points = tenths(field.value);
    return points === null || (field.dataset.most && points > Number(field.dataset.most) * 10);
  }

  function add() {
    const filled = fields.filter((field) => field.value.trim());
    const total = filled.reduce((sum, field) => sum + (tenths(field.value) || 0), 0);
    shown.textContent = filled.length ? String(total / 10) : "—";
    for (const field of fields) field.classList.toggle("is-invalid", isWrong(field));
    quicks.forEach(mark);
    shown.closest(".score-sum").classList.toggle("is-over", fields.some(isWrong) || total > 1000);
  }

  // One tap instead of typing; looks.js hears the input and keeps it.
  function mark(quick) {
    const field = document.getElementById(quick.dataset.quick);
    for (const each of quick.children) each.setAttribute("aria-pressed", String(each.value === field.value.trim()));
  }

  const quicks = [...form.querySelectorAll("[data-quick]")];
  for (const quick of quicks) {
    quick.hidden = false;
    quick.addEventListener("click", (event) => {
      const chosen = event.target.closest("button");
      if (!chosen) return;
      const field = document.getElementById(quick.dataset.quick);
      field.value = chosen.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  form.addEventListener("input", add);
  // After looks.js has put back what was typed.
  window.addEventListener("load", add);
  window.addEventListener("pageshow", add);
})();
