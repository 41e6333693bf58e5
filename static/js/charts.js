// Draws the charts of a page (templates/portfolio/charts/_chart.html) when they come into view, and those that htmx
// brings in later. Pages work without this file: then the table of each chart stands open.
(() => {
  const { library, words } = document.currentScript.dataset;
  const CONFIG = { displayModeBar: false, doubleClick: false, locale: "zh-CN", scrollZoom: false, showTips: false };
  let loading = null;
  let printing = false;

  const fetchScript = (address) =>
    new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });

  // 1.2 MB are fetched with the first chart that comes into view, not with the page.
  const whenLoaded = () => (loading ||= fetchScript(library).then(() => fetchScript(words)));

  const plotOf = (chart) => chart.querySelector(".chart-plot");
  const isDrawn = (plot) => plot.classList.contains("js-plotly-plot");
  const widthOf = (chart) => (printing ? Number(chart.dataset.printWidth) : plotOf(chart).clientWidth - 8);

  // A point may lead to its rows: only to a page of this site.
  const addressOf = (point) => {
    const [address] = [point.customdata].flat();
    if (typeof address !== "string" || !address.startsWith("/")) return null;
    const url = new URL(address, window.location.origin);
    return url.origin === window.location.origin ? url.href : null;
  };

  const follow = ({ points, event }) => {
    const address = points.map(addressOf).find(Boolean);
    if (!address) return;
    if (event && (event.ctrlKey || event.metaKey)) window.open(address, "_blank", "noopener");
    else window.location.assign(address);
  };

  const draw = (chart) => {
    const plot = plotOf(chart);
    if (isDrawn(plot)) return;
    const { data, layout } = JSON.parse(document.getElementById(chart.dataset.chart).textContent);
    const size = { width: widthOf(chart), height: Number(chart.dataset.height) };
    window.Plotly.newPlot(plot, data, { ...layout, ...size }, CONFIG);
    plot.on("plotly_click", follow);
    plot.on("plotly_hover", ({ points }) => plot.classList.toggle("leads", points.some(addressOf)));
    plot.on("plotly_unhover", () => plot.classList.remove("leads"));
    resized.observe(plot);
  };

  const fit = (chart) => {
    const plot = plotOf(chart);
    const width = widthOf(chart);
    if (isDrawn(plot) && width > 0 && Math.abs(plot.layout.width - width) > 1) window.Plotly.relayout(plot, { width });
  };

  const resized = new ResizeObserver((entries) => {
    if (printing) return;
    window.requestAnimationFrame(() => entries.forEach(({ target }) => fit(target.closest("[data-chart]"))));
  });

  const openTables = () => document.querySelectorAll(".chart-table").forEach((table) => (table.open = true));

  const seen = new IntersectionObserver(
    (entries) =>
      entries
        .filter((entry) => entry.isIntersecting)
        .forEach(({ target }) => {
          seen.unobserve(target);
          whenLoaded().then(() => draw(target.closest("[data-chart]")), openTables);
        }),
    { rootMargin: "400px 0px" },
  );

  // The place is kept before anything is drawn, so that nothing moves under the reader's eyes.
  const prepare = (chart) => {
    const plot = plotOf(chart);
    if (!plot || chart.dataset.ready) return;
    chart.dataset.ready = "1";
    plot.hidden = false;
    plot.style.minHeight = `${chart.dataset.height}px`;
    const table = chart.querySelector(".chart-table");
    if (table) table.open = false;
    seen.observe(plot);
  };

  const prepareAll = () => document.querySelectorAll("[data-chart]").forEach(prepare);
  prepareAll();
  document.addEventListener("htmx:load", prepareAll);
  document.addEventListener("htmx:afterSettle", prepareAll);

  // Paper has its own width; what was never scrolled to is drawn for it too.
  const shown = () => [...document.querySelectorAll("[data-chart][data-ready]")];

  // Printed from the browser's menu before anything could be fetched: the figures stand for the drawing.
  const showTable = (chart, open) => {
    const table = chart.querySelector(".chart-table");
    if (!table) return;
    chart.classList.toggle("is-undrawn", open);
    table.open = open;
  };

  window.addEventListener("beforeprint", () => {
    printing = true;
    shown().forEach((chart) => {
      if (!window.Plotly) showTable(chart, true);
      else {
        draw(chart);
        fit(chart);
      }
    });
  });
  window.addEventListener("afterprint", () => {
    printing = false;
    shown().forEach((chart) => {
      if (chart.classList.contains("is-undrawn")) showTable(chart, false);
      fit(chart);
    });
  });

  // The page's own button has the time to fetch first what no chart in view has asked for yet.
  document.addEventListener(
    "click",
    (event) => {
      if (window.Plotly || !event.target.closest("button[data-print]") || !shown().length) return;
      event.stopPropagation();
      const print = () => window.print();
      whenLoaded().then(print, print);
    },
    true,
  );
})();
