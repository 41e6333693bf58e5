// The county's week: copying a reminder, and reviewing with the keyboard. The page works without this file.
document.documentElement.classList.add("has-script");

document.querySelectorAll("[data-copy]").forEach((button) => {
  const source = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", () => {
    const done = () => {
      button.textContent = "已复制";
      window.setTimeout(() => { button.textContent = "复制"; }, 2000);
    };
    source.focus();
    source.select();
    // Without HTTPS, or without leave, the browser gives no clipboard: the selected text is copied the old way.
    const copySelected = () => { if (document.execCommand("copy")) done(); };
    if (navigator.clipboard) navigator.clipboard.writeText(source.value).then(done, copySelected);
    else copySelected();
  });
});

const acceptForm = document.getElementById("accept-form");
if (acceptForm) {
  const cards = [...document.querySelectorAll("[data-review]")];
  const boxOf = (card) => card.querySelector("input[type=checkbox]");
  const ticked = acceptForm.querySelector("[data-ticked]");
  const tickPlain = acceptForm.querySelector("[data-tick-plain]");

  const count = () => {
    const number = cards.filter((card) => boxOf(card).checked).length;
    ticked.textContent = number ? `（${number}）` : "";
  };
  document.addEventListener("change", count);
  window.addEventListener("pageshow", count);

  tickPlain.hidden = false;
  tickPlain.addEventListener("click", () => {
    cards.forEach((card) => {
      if (!card.classList.contains("has-warnings") && !card.classList.contains("has-moved")) boxOf(card).checked = true;
    });
    count();
  });
  acceptForm.querySelector("[data-keys]").hidden = false;

  const go = (step) => {
    const here = cards.indexOf(document.activeElement.closest("[data-review]"));
    const next = cards[Math.min(cards.length - 1, Math.max(0, here + step))];
    if (next) {
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "start" });
    }
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    const card = document.activeElement.closest("[data-review]");
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "a" && card) {
      boxOf(card).checked = !boxOf(card).checked;
      count();
    } else if (event.key === "r" && card) card.querySelector("[data-return]").click();
    else return;
    event.preventDefault();
  });
}
