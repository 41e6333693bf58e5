// Rows that open in place, in the plan table and in the six ones: a panel beneath the row, fetched when it is asked for.
// Without this file there is no button; the project's name leads to its page.
(() => {
  const FAILED = "没有读到，请检查网络后再展开一次；也可以点项目名称打开项目卡片。";

  const panelOf = (button) => document.getElementById(button.getAttribute("aria-controls"));
  const openPlans = () => [...document.querySelectorAll(".glance-row")].map((panel) => panel.dataset.of);

  function panelBeneath(row) {
    const panel = document.createElement("tr");
    panel.className = "glance-row";
    panel.id = `glance-${row.dataset.plan}`;
    panel.dataset.of = row.dataset.plan;
    // The results around it are read aloud when they change; what one row opens is read by who goes there.
    panel.setAttribute("aria-live", "off");
    const cell = panel.insertCell();
    cell.colSpan = row.cells.length;
    const box = document.createElement("div");
    box.className = "glance";
    box.textContent = "正在读取…";
    cell.append(box);
    row.after(panel);
    return panel;
  }

  function open(button) {
    const row = button.closest("tr");
    const panel = panelBeneath(row);
    button.setAttribute("aria-controls", panel.id);
    button.setAttribute("aria-expanded", "true");
    const address = row.closest("table").dataset.glanceUrl.replace("/0/", `/${row.dataset.plan}/`);
    // By its own button: what one element asks for waits in line, what several do does not.
    window.htmx.ajax("GET", address, { source: button, target: panel.querySelector(".glance"), swap: "innerHTML" });
  }

  function close(button) {
    const panel = panelOf(button);
    if (panel) panel.remove();
    button.removeAttribute("aria-controls");
    button.setAttribute("aria-expanded", "false");
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".opener");
    if (button) (button.getAttribute("aria-expanded") === "true" ? close : open)(button);
  });

  const fail = ({ detail }) => {
    if (detail.target && detail.target.matches(".glance")) detail.target.textContent = FAILED;
  };
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, fail));

  // What was open stays open when the results around it are read again.
  let again = [];
  const isResults = ({ detail }) => detail.target && detail.target.id === "plan-results";
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isResults(event)) again = openPlans();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!isResults(event)) return;
    again.forEach((plan) => document.querySelectorAll(`tr[data-plan="${plan}"] .opener`).forEach(open));
    again = [];
  });
})();
