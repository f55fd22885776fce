#!/usr/bin/env python3
"""Runs the tests that failed once more, by themselves, and says which pass then.

    eng/run-again.py LOG      what a run of 'dotnet test' has written, in English

The exit code is 0 only if there were a few at the most, and all of them pass. Such a test is a defect, of itself or of what it tests: it fails now and then, and
is named so that somebody mends it. But it is no reason to refuse what a change has nothing to do with.
"""
import re, subprocess, sys

MOST = 3


def failed(log):
    """(test without its arguments, its assembly), each once."""
    found = re.findall(r'^failed (\S+?)(?:\(.*)? \([^()]*\)\n  from (\S+\.dll) ', log, flags=re.M)
    return sorted(set(found))


def passes(test, assembly):
    method = test.rsplit('.', 1)[-1]
    again = subprocess.run([assembly.removesuffix('.dll'), '--filter-method', f'*.{method}'], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    total = re.search(r'^  succeeded: (\d+)$', again.stdout, flags=re.M)
    return again.returncode == 0 and total is not None and int(total[1]) > 0


def is_all(log):
    """Whether failed tests are all that was wrong: a suite that crashed, or ran nothing, has none and is no less a failure."""
    suites = re.findall(r'\.dll \(net[\d.]+\|\w+\) (?:passed|failed with (\d+) error\(s\))', log)
    total = re.findall(r'^  failed: (\d+)$', log, flags=re.M)
    # Each suite is named when it ends, and in the summary once more.
    errors = sum(int(count) for count in suites if count) / 2
    return 'non-success exit code: 2 ' in log and len(total) == 1 and int(total[0]) == errors == len(re.findall(r'^failed \S+Tests', log, flags=re.M))


def main():
    log = open(sys.argv[1]).read()
    tests = failed(log)
    if not tests or len(tests) > MOST or not is_all(log):
        return 1
    outcome = [(test, passes(test, assembly)) for test, assembly in tests]
    for test, ok in outcome:
        print(f"{'passes when it is run again' if ok else 'fails again'}: {test}", flush=True)
    return 0 if all(ok for _, ok in outcome) else 1


sys.exit(main())
