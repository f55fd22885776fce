#!/usr/bin/env python3
"""Takes the cures of docs/pitfalls.md out, one at a time, and shows which of their tests notice.

    eng/mutants/run.py [ROW...]          of these rows of docs/pitfalls.md, such as 46 or 47b; of all that have a mutant without one

Works in a copy of the last commit. A mutant replaces text of a file by text without the cure (see cures.txt), the library
is built, and the tests that the row names are run. A test that fails, or does not end within its time, has noticed. The last
line is the total; the exit code is 1 if a cure can be taken out with no test noticing.
"""
import os, re, shutil, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
LIMIT = 20      # seconds for the tests of a row: without its cure many a test waits for ever


def mutants():
    """(row, [(file, text, replacement)]) for each mutant, in the order of the file."""
    found = []
    for section in re.split(r'^## ', open(f'{HERE}/cures.txt').read(), flags=re.M)[1:]:
        row, _, body = section.partition('\n')
        changes = re.findall(r'^file: (\S+)\n<<<\n(.*?)\n===\n(.*?)\n?>>>$', body, flags=re.M | re.S)
        if not changes:
            sys.exit(f'mutant {row} changes nothing')
        found.append((row.strip(), changes))
    return found


def tests_of(row, pitfalls):
    line = re.search(rf'^\| {re.match(r"[0-9]+", row)[0]} \|.*$', pitfalls, flags=re.M)
    if line is None:
        sys.exit(f'mutant {row}: docs/pitfalls.md has no such row')
    return re.findall(r'`(\w+Tests\.\w+)`', line[0])


def build(tree, project):
    made = subprocess.run(['dotnet', 'build', project, '-v', 'quiet', '--nologo', '-p:TreatWarningsAsErrors=false'],
                          cwd=tree, capture_output=True, text=True)
    return made.stdout if made.returncode else None


def project_of(file):
    return '/'.join(file.split('/')[:2])


def swap(tree, projects, suite):
    """Puts what was built into the suite's folder: the suite itself, which uses public members only, stays."""
    for project in projects:
        name = os.path.basename(project)
        for target in ('net10.0', 'netstandard2.0'):
            built = f'{tree}/{project}/bin/Debug/{target}/{name}.dll'
            if os.path.exists(built):
                shutil.copy(built, suite)


def run_tests(suite, tests):
    """Which of them fail; all that were not heard of when the time was over."""
    names = [arg for test in tests for arg in ('--filter-method', f'*.{test}')]
    executable = f'{suite}/{os.path.basename(os.path.dirname(os.path.dirname(os.path.dirname(suite))))}'
    begun = time.time()
    with tempfile.TemporaryFile('w+') as log:
        child = subprocess.Popen([executable, *names, '--output', 'Detailed', '--no-ansi', '--no-progress'],
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            code = child.wait(LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, 9)
            child.wait()
            code = None
        log.seek(0)
        text = log.read()
    took = time.time() - begun
    failed = [test for test in tests if re.search(rf'^failed \S*\.{re.escape(test)}\b', text, flags=re.M)]
    passed = [test for test in tests if re.search(rf'^passed \S*\.{re.escape(test)}\b', text, flags=re.M) and test not in failed]
    if code == 0:
        return [], took
    # The suite was killed, died, or ran none of them: what did not pass has noticed.
    return failed or [test for test in tests if test not in passed], took


def main():
    wanted = sys.argv[1:]
    pitfalls = open(f'{ROOT}/docs/pitfalls.md').read()
    chosen = [(row, changes) for row, changes in mutants()
              if not wanted or row in wanted or re.match('[0-9]+', row)[0] in wanted]
    tree = tempfile.mkdtemp(prefix='heddle-mutants-')
    subprocess.run(['git', 'worktree', 'add', '--quiet', '--detach', tree], cwd=ROOT, check=True)
    try:
        suites = {'src/Heddle.Analyzers': 'tests/Heddle.Analyzers.Tests'}
        noticed, unnoticed, silent, before = {}, [], {}, []
        for suite in sorted({suites.get(project_of(file), 'tests/Heddle.Tests') for _, changes in chosen for file, _, _ in changes}):
            if error := build(tree, suite):
                sys.exit(error)
        for row, changes in chosen:
            originals, projects = {}, []
            for file, text, replacement in changes:
                path = f'{tree}/{file}'
                source = open(path).read()
                originals.setdefault(path, source)
                if source.count(text) != 1:
                    sys.exit(f'mutant {row} no longer fits: its text stands {source.count(text)} times in {file}')
                open(path, 'w').write(source.replace(text, replacement))
                projects = sorted({*projects, project_of(file)})
            suite = f"{tree}/{suites.get(projects[0], 'tests/Heddle.Tests')}/bin/Debug/net10.0"
            tests = tests_of(row, pitfalls)
            errors = [error for project in sorted({*projects, *before}) if (error := build(tree, project))]
            alarms = sorted(set(re.findall(r'error (HED\d+)', '\n'.join(errors))))
            if alarms:
                # A rule without its cure raises a false alarm in the library itself.
                failed, took = [f'the build, by {alarm}' for alarm in alarms], 0
            elif errors:
                sys.exit(f'mutant {row} does not build:\n{errors[0]}')
            else:
                swap(tree, {*projects, *before}, suite)
                failed, took = run_tests(suite, tests)
            for path, source in originals.items():
                open(path, 'w').write(source)
            before = projects
            number = re.match('[0-9]+', row)[0]
            noticed.setdefault(number, set()).update(failed)
            silent[number] = [test for test in tests if test not in noticed[number]]
            if not failed:
                unnoticed.append(row)
            print(f"{row:>4}  {'NOT NOTICED' if not failed else 'noticed':11} {took:5.1f} s  {', '.join(failed)}", flush=True)
        for number, tests in silent.items():
            for test in tests:
                print(f'{number:>4}  no mutant makes it fail: {test}')
        print(f'{len(chosen) - len(unnoticed)} noticed, {len(unnoticed)} not noticed')
        return 1 if unnoticed else 0
    finally:
        subprocess.run(['git', 'worktree', 'remove', '--force', tree], cwd=ROOT)


sys.exit(main())
