// A report on screen: its long sections are folded, so that it reads like a list of contents; paper shows them all.
// Pages work without this file: then every section stands open.
(() => {
  const ALWAYS_OPEN = 2; // the headline figures and the curve
  const sections = [...document.querySelectorAll("details.report-section")];
  const foldAll = document.querySelector("[data-fold-all]");
  let foldedOnScreen = [];

  const tellFoldAll = () => {
    const isFolded = sections.some((section) => !section.open);
    foldAll.textContent = isFolded ? foldAll.dataset.folded : foldAll.dataset.unfolded;
  };

  const unfold = (address) => {
    const target = address && document.getElementById(decodeURIComponent(address.slice(1)));
    const section = target && target.closest("details.report-section");
    if (!section || section.open) return;
    section.open = true;
    section.scrollIntoView();
  };

  if (foldAll) {
    // Measured before the first is folded: folding moves all that follow.
    const long = sections.slice(ALWAYS_OPEN).filter((section) => section.offsetHeight > window.innerHeight);
    long.forEach((section) => (section.open = false));
    sections.forEach((section) => section.addEventListener("toggle", tellFoldAll));
    foldAll.hidden = false;
    tellFoldAll();
    foldAll.addEventListener("click", () => {
      const isFolded = sections.some((section) => !section.open);
      sections.forEach((section) => (section.open = isFolded));
    });
    unfold(window.location.hash);
  }

  // The link is followed again though its address already stands in the address bar.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".report-contents a");
    if (link) unfold(link.hash);
  });
  window.addEventListener("hashchange", () => unfold(window.location.hash));

  window.addEventListener("beforeprint", () => {
    foldedOnScreen = sections.filter((section) => !section.open);
    foldedOnScreen.forEach((section) => (section.open = true));
  });
  window.addEventListener("afterprint", () => foldedOnScreen.forEach((section) => (section.open = false)));

  // data-busy: what the button says while the server is at work. Back on the page, it is as it was.
  document.addEventListener("submit", (event) => {
    const button = event.target.querySelector("button[data-busy]");
    if (!button || event.defaultPrevented) return;
    button.dataset.idle = button.textContent;
    button.textContent = button.dataset.busy;
    button.disabled = true;
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("button[data-idle]").forEach((button) => {
      button.textContent = button.dataset.idle;
      button.disabled = false;
      delete button.dataset.idle;
    });
  });
})();
