// The list remembers, in this window, what it was narrowed to; a problem's page leads back to it. Pages work without.
const KEY = "problem-list";
const path = "/problems/";

function remember() {
  if (window.location.pathname === path) window.sessionStorage.setItem(KEY, window.location.search);
}

remember();
document.addEventListener("htmx:pushedIntoHistory", remember);
document.querySelectorAll("a[data-to-problems]").forEach((link) => {
  const last = window.sessionStorage.getItem(KEY);
  if (last) link.href = path + last;
});
