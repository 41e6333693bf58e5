// The form of a project: what an amount in 万元 is in 亿元, as it is typed. The form works without this file.
document.querySelectorAll("[data-money]").forEach((input) => {
  const echo = document.createElement("div");
  echo.className = "help";
  echo.setAttribute("aria-live", "polite");
  input.after(echo);
  const show = () => {
    const text = input.value.normalize("NFKC").replace(/[,\s]/g, "");
    const amount = Number(text);
    echo.textContent = text && Number.isFinite(amount) ? `${(amount / 10000).toFixed(4)} 亿元` : "";
  };
  input.addEventListener("input", show);
  show();
});
