"""Medians and tables in Markdown."""

import statistics

MISSING = "–"


def median(values):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def number(value, digits=1):
    return MISSING if value is None else f"{value:,.{digits}f}"


class Samples:
    """Those of all rounds, by row and number of connections."""

    def __init__(self, samples):
        self._samples = samples

    def of(self, row, connections, name):
        """In the order of the rounds."""
        return [sample.get(name) for sample in self._samples if (sample["row"], sample["connections"]) == (row, connections)]

    def times(self, row, base, connections, name):
        """The median of the rounds' own ratios, so that a slow minute falls on both sides."""
        pairs = zip(self.of(row, connections, name), self.of(base, connections, name))
        return median([value / of for value, of in pairs if value is not None and of])


def print_table(header, rows):
    """The first column is a name, all others are figures."""
    table = [list(header), *rows]
    widths = [max(3, *(len(line[column]) for line in table)) for column in range(len(header))]

    def line(cells):
        rest = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:]))
        print("| " + " | ".join([cells[0].ljust(widths[0]), *rest]) + " |")

    line(table[0])
    line(["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
    for cells in table[1:]:
        line(cells)
    print(flush=True)
