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
    shown.closest(".score-sum").classList.toggle("is-over", fields.some(isWrong) || total > 1000);
  }

  form.addEventListener("input", add);
  // After looks.js has put back what was typed.
  window.addEventListener("load", add);
  window.addEventListener("pageshow", add);
})();
