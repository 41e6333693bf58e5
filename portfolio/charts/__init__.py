"""The pages' charts, each with its caption and its table; plotly.js draws them in the browser (static/js/charts.js)."""
