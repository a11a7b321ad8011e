"""Measure the package against its peers, in one run: `python benchmarks [--rounds N]`.

Prints one row for each pair: medians in milliseconds, for context, and their ratio, which is what the
goal is about; where a person waits, ours has a limit in milliseconds, too. Exit status: 0 all goals are
met, 1 one is not.
"""

import argparse
import sys

import calls
import completion
import explorer
import startup
import stored
from pairs import Result, measure

GROUPS = (startup.pairs, calls.pairs, completion.pairs, explorer.pairs, stored.pairs)
HEAD = ("", "against", "ours ms", "theirs ms", "ratio", "goal", "limit ms", "")


def row(result: Result) -> tuple[str, ...]:
    """One line of the table."""
    ours, theirs = (f"{1000 * seconds:.1f}" for seconds in (result.ours, result.theirs))
    limit = "" if result.pair.limit is None else f"{1000 * result.pair.limit:g}"
    verdict = "ok" if result.good else "over"
    return (
        result.pair.name,
        result.pair.peer,
        ours,
        theirs,
        f"{result.ratio:.2f}",
        f"{result.pair.goal:g}",
        limit,
        verdict,
    )


def print_table(rows: list[tuple[str, ...]]) -> None:
    """Words to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for cells in rows:
        words = [cell.ljust(width) for cell, width in zip(cells[:2], widths[:2], strict=True)]
        numbers = [cell.rjust(width) for cell, width in zip(cells[2:], widths[2:], strict=True)]
        print("  ".join(words + numbers).rstrip())


def main() -> int:
    """Measure everything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=11, help="times a figure is taken (default 11)")
    rounds = parser.parse_args().rounds
    results = []
    for group in GROUPS:
        with group() as pairs:
            results += [measure(pair, rounds) for pair in pairs]
    print_table([HEAD, *map(row, results)])
    return 0 if all(result.good for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
