"""One table for people, and the ratios against the targets."""

import unicodedata

from benchmarks.tasks import PRODUCT, TARGETS, WRITTEN

HEADER = ("页面", "由谁", "项目数", "次/秒", "p50 ms", "p95 ms", "CPU ms", "查询", "字节")


def table(rows):
    """A Markdown table whose columns stand straight, Chinese characters counted as two."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*texts, strict=True)]
    ruled = [texts[0], ["-" * wide for wide in widths], *texts[1:]]
    return "\n".join("| " + " | ".join(map(padded, row, widths)) + " |" for row in ruled)


def width(text):
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def padded(text, wide):
    return text + " " * (wide - width(text))


def measured(results, queries):
    """`results` maps (projects, task key) to figures, in the order to print; `queries` likewise to a number."""
    rows = [HEADER]
    for (projects, page, contender), figures in results.items():
        rows.append(
            (
                page,
                contender,
                f"{projects:,}",
                f"{figures.per_second:.3g}",
                f"{figures.percentile_ms(0.5):.1f}",
                f"{figures.percentile_ms(0.95):.1f}",
                f"{figures.cpu_ms:.2f}",
                queries.get((projects, page, contender), "1"),
                f"{figures.size:,}",
            )
        )
    return table(rows)


def ratios(results, smallest):
    """How the product's CPU compares with each target, unchanged and just after a write."""
    rows = [("页面", "比照", "目标", "未改动时", "刚写过")]
    for target in TARGETS:
        other = results.get((smallest, target.page, target.contender))
        own = [results.get((smallest, target.page, contender)) for contender in (PRODUCT, WRITTEN)]
        if other and own[0]:
            rows.append(
                (
                    target.page,
                    target.contender,
                    compared(target.times, target.times),
                    *(compared(figures.cpu_ms / other.cpu_ms, target.times) if figures else "" for figures in own),
                )
            )
    return table(rows)


def compared(ratio, target):
    """A share ("1/12.0") where less is asked for, else a multiple; with a cross when the target is missed."""
    words = f"1/{1 / ratio:.1f}" if target < 1 else f"{ratio:.1f} 倍"
    return words if ratio <= target * 1.0001 else f"{words} ✗"


def growth(results, sizes):
    """What the same page costs in a bigger database: at most 1.5 times, with 780,000 projects 3 times.

    With every light column and 52 weeks of reports at most twice.
    """
    rows = [("页面", "由谁", *(f"{projects:,} 个项目" for projects in sizes[1:]))]
    for projects, page, contender in results:
        bigger = [results.get((size, page, contender)) for size in sizes[1:]]
        if projects == sizes[0] and contender in {PRODUCT, WRITTEN} and any(bigger):
            first = results[projects, page, contender].cpu_ms
            rows.append(
                (page, contender, *(f"{figures.cpu_ms / first:.2f} 倍" if figures else "—" for figures in bigger))
            )
    return table(rows)
