"""How all charts look: a ledger's ink and one accent. What colour tells, a dash, a marker or a pattern tells too."""

from html import escape

import plotly.graph_objects as go

from portfolio.progress import Light

FONT = '"Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif'
INK, INK_2, INK_3, LINE, GRID = "#1b1f24", "#4d5661", "#5d6671", "#9aa3ad", "#e3e7ec"
ACCENT, ACCENT_PALE, PAPER = "#1d4f91", "#a9c1e0", "#ffffff"
# For charts of several series: told apart by lightness too, in this order, by whoever sees no hue.
SERIES = ("#1d4f91", "#c77f1a", "#4f8f86", "#7a5195", "#8fb0d9", "#5d6671")

LIGHT_COLOURS = {Light.RED: "#a4262c", Light.YELLOW: "#d09a1e", Light.GREY: "#b3bac2", Light.GREEN: "#2f8f5b"}
LIGHT_PATTERNS = {Light.RED: "x", Light.YELLOW: "/", Light.GREY: ".", Light.GREEN: ""}

_AXIS = {
    "automargin": True,
    "fixedrange": True,
    "gridcolor": GRID,
    "linecolor": LINE,
    "tickcolor": LINE,
    "zeroline": False,
    "title": {"font": {"color": INK_2, "size": 12}},
}
TEMPLATE = {
    "layout": {
        "colorway": list(SERIES),
        "dragmode": False,
        "font": {"family": FONT, "size": 12, "color": INK},
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": LINE, "font": {"family": FONT, "size": 12, "color": INK}},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
        "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "separators": ".,",
        "showlegend": True,
        "xaxis": {**_AXIS, "showgrid": False, "showline": True, "ticks": "outside"},
        "yaxis": {**_AXIS, "showgrid": True, "tickformat": ",~f"},
    }
}


def figure(traces, **layout):
    """A plotly figure of the house's look; `layout` overrides it piece by piece."""
    return go.Figure(data=traces, layout={"template": TEMPLATE, **layout})


def months_axis(year, **more):
    """The x axis of one year, each month's name below its middle; twelve fit on a phone."""
    return {
        "type": "date",
        "range": [f"{year}-01-01", f"{year}-12-31"],
        "dtick": "M1",
        "tickformat": "%-m月",
        "tickangle": 0,
        "tickfont": {"size": 11},
        "ticklabelmode": "period",
        "hoverformat": "%Y-%m-%d",
        **more,
    }


def day_line(day, label):
    """(shape, annotation) of an upright line at a day, its words at the top; for `shapes` and `annotations`."""
    is_late = day.month > 10
    shape = {
        "type": "line",
        "x0": day.isoformat(),
        "x1": day.isoformat(),
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": INK_2, "width": 1, "dash": "dot"},
    }
    words = {
        "x": day.isoformat(),
        "yref": "paper",
        "y": 1,
        "text": label,
        "showarrow": False,
        "xanchor": "right" if is_late else "left",
        "yanchor": "top",
        "xshift": -3 if is_late else 3,
        "font": {"color": INK_2, "size": 11},
    }
    return shape, words


def light_marker(light):
    """`marker` of bars of a light; the legend's words carry the shape."""
    pattern = pattern_of(LIGHT_PATTERNS[light])
    return {"color": LIGHT_COLOURS[light], "pattern": pattern, "line": {"color": PAPER, "width": 1}}


def pattern_of(shape, solidity=0.2):
    """`marker.pattern` over a bar's own colour; "" for none."""
    return {"shape": shape, "fillmode": "overlay", "fgcolor": PAPER, "size": 6, "solidity": solidity}


def light_name(light):
    """■ 严重滞后, as in a legend."""
    return f"{light.shape} {light.label}"


def text(words):
    """What people typed, for a label or a hover: plotly reads a few tags in them, and shows these as they are."""
    return escape(words, quote=False)


def wrapped(words, width=9):
    """A long label in lines of `width` signs, for an axis on a phone."""
    return "<br>".join(text(words[start : start + width]) for start in range(0, len(words), width))
