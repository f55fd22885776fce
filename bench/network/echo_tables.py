"""What the echo benchmark prints."""

from network.echo_rows import GOALS
from network.tables import MISSING, median, number, print_table


def print_echo(rows, connections, samples):
    base = rows[0].key
    for count in connections:
        print(f"{count} connection{'s' if count > 1 else ''}; medians\n")
        print_table(
            ["server", "CPU µs/request", "× epoll", "requests/s", "× epoll", "p50 µs", "p99 µs", "B/request"],
            [[
                row.title,
                number(median(samples.of(row.key, count, "server_us")), 2),
                number(samples.times(row.key, base, count, "server_us"), 2),
                number(median(samples.of(row.key, count, "requests_per_second")), 0),
                number(samples.times(row.key, base, count, "requests_per_second"), 2),
                number(median(samples.of(row.key, count, "p50_us")), 0),
                number(median(samples.of(row.key, count, "p99_us")), 0),
                number(median(samples.of(row.key, count, "allocated"))),
            ] for row in rows])

    print("The server's processor time a request, times that of C on epoll; medians of the rounds' ratios\n")
    print_table(
        ["server", *map(str, connections)],
        [[row.title, *(number(samples.times(row.key, base, count, "server_us"), 2) for count in connections)] for row in rows])


def print_goals(rows, connections, samples):
    titles = {row.key: row.title for row in rows}
    lines = []
    for key, other, goals in GOALS:
        if key in titles and other in titles:
            cells = [
                f"{number(samples.times(key, other, count, 'server_us'), 2)} ({goals[count]:.2f})" if count in goals else MISSING
                for count in connections]
            lines.append([f"{titles[key]} to {titles[other]}", *cells])
    if lines:
        print("Ratio of processor time a request (in parentheses: at most)\n")
        print_table(["", *map(str, connections)], lines)


def print_calls(rows, connections, calls):
    print("System calls a request, under strace; those of connecting are counted in\n")
    for count in connections:
        for row in rows:
            if (row.key, count) in calls:
                print(f"- {count}, {row.title}: {calls[row.key, count]}")
    print(flush=True)
