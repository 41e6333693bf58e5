"""`make bench`: measure the product beside its peers and the floor, in one interleaved run, and print one table."""

import argparse
import sys
from contextlib import ExitStack

from benchmarks import import_runs, report
from benchmarks.client import Client, Figures, Refused
from benchmarks.database import Database
from benchmarks.tasks import progress_tasks, weekly_tasks
from benchmarks.tasks import tasks_of as all_tasks


def arguments():
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--counties", default="1,117", help="databases of so many counties of 275 projects (also 2836)")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds, each one block of every task")
    parser.add_argument("--weekly", action="store_true", help="the pages of the weekly dispatch only")
    parser.add_argument("--progress", action="store_true", help="the overview, the light columns, the room of progress")
    parser.add_argument("--no-imports", action="store_true", help="leave the imports out")
    return parser.parse_args()


def run(databases, rounds, tasks_of):
    """{(projects, page, contender): figures}; a page that does not answer is named on stderr and left out."""
    results, refused = {}, set()
    with ExitStack() as stack:
        clients = [
            (database, Client(stack.enter_context(database.server()), database.cookies, database.write, database.posts))
            for database in databases
        ]
        for _ in range(rounds):
            for tasks in zip(*(list(tasks_of(database.county)) for database in databases), strict=True):
                for (database, client), task in zip(clients, tasks, strict=True):
                    key = (database.projects, task.page, task.contender)
                    if key not in refused and not measure(client, task, results.setdefault(key, Figures())):
                        refused.add(key)
    return {key: figures for key, figures in results.items() if figures.seconds}


def measure(client, task, figures):
    try:
        client.measure(task, figures)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return False
    return True


def main():
    options = arguments()
    databases = [Database(int(counties)) for counties in options.counties.split(",")]
    tasks_of = weekly_tasks if options.weekly else progress_tasks if options.progress else all_tasks
    results = run(databases, options.rounds, tasks_of)
    queries = {
        (database.projects, *name.split("/", 1)): number
        for database in databases
        for name, number in database.queries.items()
    }
    in_order = {
        key: results[key]
        for database in databases
        for task in tasks_of(database.county)
        if (key := (database.projects, task.page, task.contender)) in results
    }
    if not (options.no_imports or options.weekly or options.progress):
        imported, import_queries = import_runs.run()
        in_order |= imported
        queries |= import_queries
    sizes = [database.projects for database in databases]
    print(report.measured(in_order, queries))
    print("\n本产品的 CPU 与目标（✗ 为未达到）\n\n" + report.ratios(results, sizes[0]))
    if len(sizes) > 1:
        print("\n县数增加后，本县页面的 CPU\n\n" + report.growth(in_order, sizes))


main()
