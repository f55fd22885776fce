#!/usr/bin/env python3
"""Takes the cures of docs/pitfalls.md out, one at a time, and shows which of their tests notice.

    eng/mutants/run.py [ROW...]               of these rows of docs/pitfalls.md, such as 46 or 47b; of all that have a mutant without one
    eng/mutants/run.py --explore [ROW...]     of those that concern order, cancellation or faults

Works in a copy of the last commit. A mutant replaces text of a file by text without the cure (see cures.txt), the library
is built, and the tests that the row names are run. A test that fails, or does not end within its time, has noticed. The last
line is the total; the exit code is 1 if a cure can be taken out with no test noticing.

With --explore no test is run: a simulation looks for a failure in the programs of tests/Heddle.TestPrograms/Cures, all of them for each mutant,
with one processor and for ten seconds. Printed are how long that took, and which of the programs fail first come, first served. The first line is of the
library as it is, in which nothing may be found.
"""
import os, re, shutil, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
EXPLORED = {1, 2, 3, 4, 5, 7, 11, 13, 14, 15, 16, 17, 18, 19, 41, 47, 48, 51, 59, 60, 61, 62, 63, 65, 66, 67, 83, 97, 102, 103, 104}
SEARCH = 10     # seconds for the search in all programs
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


def build(tree, project, *options):
    made = subprocess.run(['dotnet', 'build', project, '-v', 'quiet', '--nologo', '-p:TreatWarningsAsErrors=false', *options],
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


def apply(tree, row, changes):
    """Takes the cure out. What the files were before, and the projects that they belong to."""
    originals = {}
    for file, text, replacement in changes:
        path = f'{tree}/{file}'
        source = open(path).read()
        originals.setdefault(path, source)
        if source.count(text) != 1:
            sys.exit(f'mutant {row} no longer fits: its text stands {source.count(text)} times in {file}')
        open(path, 'w').write(source.replace(text, replacement))
    return originals, sorted({project_of(file) for file, _, _ in changes})


def search(programs):
    """Whether a search finds something, after how long, what, and which programs fail first come, first served."""
    begun = time.time()
    child = subprocess.Popen(['dotnet', f'{programs}/Heddle.TestPrograms.dll', 'simulation-cures', str(SEARCH)], text=True, start_new_session=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             env={**os.environ, 'DOTNET_PROCESSOR_COUNT': '1', 'DOTNET_DbgEnableMiniDump': '0'})
    try:
        text, _ = child.communicate(timeout=SEARCH + LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, 9)
        text, _ = child.communicate()
        return True, time.time() - begun, 'a run does not end, not even when it is cancelled', '?'
    plain = re.search(r'^plain: (.*)$', text, flags=re.M)
    found = re.search(r'^found: (.*?), ([0-9.]+) s, (.*)$', text, flags=re.M)
    if found:
        return True, float(found[2]), f'{found[1]}, {found[3][:110]}', plain[1]
    if child.returncode:
        return True, time.time() - begun, 'the process ends: ' + text.strip().split('\n')[-1][:100], plain[1] if plain else '?'
    return False, SEARCH, re.search(r'^not found.*$', text, flags=re.M)[0], plain[1]


def explore(chosen, tree):
    programs = 'tests/Heddle.TestPrograms'
    if error := build(tree, programs):
        sys.exit(error)
    suite, before, found, plainly, slow = f'{tree}/{programs}/bin/Debug/net10.0', [], 0, 0, 0
    print(f"{'':>5}  {'':9} {'':>6}    what was found, in how many runs · what fails first come, first served", flush=True)
    for row, changes in [('as is', []), *chosen]:
        originals, projects = apply(tree, row, changes)
        for project in sorted({*projects, *before}):
            if error := build(tree, project, '--no-restore', '-p:RunAnalyzers=false'):
                sys.exit(f'mutant {row} does not build:\n{error}')
        swap(tree, {*projects, *before}, suite)
        is_found, took, what, plain = search(suite)
        for path, source in originals.items():
            open(path, 'w').write(source)
        before = projects
        if not changes and (is_found or plain):
            sys.exit(f'in the library as it is something is found: {what}; {plain}')
        if changes:
            found, plainly, slow = found + is_found, plainly + bool(plain), max(slow, took if is_found else 0)
        print(f"{row:>5}  {'found' if is_found else 'NOT FOUND':9} {took:6.2f} s  {what} · {plain or 'nothing'}", flush=True)
    print(f'{found} of {len(chosen)} found, the slowest in {slow:.2f} s; {plainly} fail first come, first served')
    return 0 if found >= 0.95 * len(chosen) else 1


def main():
    wanted = [arg for arg in sys.argv[1:] if arg != '--explore']
    explores = '--explore' in sys.argv
    pitfalls = open(f'{ROOT}/docs/pitfalls.md').read()
    chosen = [(row, changes) for row, changes in mutants()
              if (not wanted or row in wanted or re.match('[0-9]+', row)[0] in wanted)
              and (not explores or int(re.match('[0-9]+', row)[0]) in EXPLORED)]
    tree = tempfile.mkdtemp(prefix='heddle-mutants-')
    subprocess.run(['git', 'worktree', 'add', '--quiet', '--detach', tree], cwd=ROOT, check=True)
    try:
        if explores:
            return explore(chosen, tree)
        suites = {'src/Heddle.Analyzers': 'tests/Heddle.Analyzers.Tests'}
        noticed, unnoticed, silent, before = {}, [], {}, []
        for suite in sorted({suites.get(project_of(file), 'tests/Heddle.Tests') for _, changes in chosen for file, _, _ in changes}):
            if error := build(tree, suite):
                sys.exit(error)
        for row, changes in chosen:
            originals, projects = apply(tree, row, changes)
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
