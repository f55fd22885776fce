#!/usr/bin/env python3
"""WikiPath beside the lecture's program (peers/lecture_wikipath.py), on one wiki: requests and time a search.

    bench/wikipath.py DIR [--pairs 20] [--seed 1] [--cap 300] [--python PYTHON]

starts a MediaWiki with FOLDOC in DIR, where it stays for the next time, asks both programs for the same pairs, one
after the other, and prints them side by side. Each pair is at least four links apart, and one that the lecture's
program can reach: it loses titles with digits. A run longer than the cap (seconds) counts as the cap.

DIR/wikipath-bench.jsonl keeps every run, so that a call which was interrupted goes on; delete it to measure anew,
or give --again to measure only WikiPath anew. PYTHON needs httpx (Debian: python3-httpx).
"""

import argparse
import json
import random
import signal
import statistics
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / "bench/peers/lecture_wikipath.py"
APP = ROOT / "apps/WikiPath"


class Graph:
    def __init__(self, file):
        data = json.loads(Path(file).read_text(encoding="utf-8"))
        self.articles = data["pages"]
        self.redirects = data["redirects"]
        self.links = data["links"]
        self.known = set(self.articles)

    def resolved(self, title):
        """What an article leads to: redirects cost no step."""
        targets = (self.redirects.get(link, link) for link in self.links.get(title, ()))
        return [target for target in targets if target in self.known]

    def seen_by_the_lecture(self, title):
        """A redirect is a page like any other there, and a title with a digit is none."""
        links = [self.redirects[title]] if title in self.redirects else self.links.get(title, ())
        return [link for link in links if not any(letter.isdigit() for letter in link)]

    @staticmethod
    def depths(source, links):
        found = {source: 0}
        queue = deque([source])
        while queue:
            title = queue.popleft()
            for link in links(title):
                if link not in found:
                    found[link] = found[title] + 1
                    queue.append(link)
        return found

    def pairs(self, count, seed):
        chance = random.Random(seed)
        while count:
            source, target = chance.sample(self.articles, 2)
            distance = self.depths(source, self.resolved).get(target, 0)
            if distance >= 4 and target in self.depths(source, self.seen_by_the_lecture):
                yield source, target, distance
                count -= 1


def run(command, cap):
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        out, _ = process.communicate(timeout=cap)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGTERM)
        try:
            out, _ = process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            out, _ = process.communicate()
    seconds = min(time.perf_counter() - begun, cap)
    answer = json.loads(out) if out.strip() else {}
    paths = answer.get("paths") or ([answer["path"]] if answer.get("path") else [])
    return {
        "requests": answer.get("requests"),
        "seconds": seconds,
        "links": len(paths[0]) - 1 if paths else None,
        "pathCount": answer.get("pathCount"),
    }


def build(log):
    subprocess.run(["dotnet", "build", "-c", "Release", "-v", "quiet", APP], stdout=log, check=True)
    return ["dotnet", str(next(APP.glob("bin/Release/*/wikipath.dll")))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cap", type=float, default=300)
    parser.add_argument("--python", default="/usr/bin/python3")
    parser.add_argument("--again", action="store_true", help="measure WikiPath anew, and keep the lecture's runs")
    options = parser.parse_args()

    wiki = ROOT / "eng/mediawiki/foldoc.sh"
    api = subprocess.run([wiki, options.dir], stdout=subprocess.PIPE, text=True, check=True).stdout.split()[-1]
    try:
        compare(options, api)
    finally:
        subprocess.run([ROOT / "eng/mediawiki/wiki.sh", "stop", options.dir], check=True)


def compare(options, api):
    wikipath = build(sys.stderr)
    graph = Graph(options.dir / "foldoc.json")
    file = options.dir / "wikipath-bench.jsonl"
    kept = {}
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            kept[row["program"], row["from"], row["to"], row["cap"]] = row

    def measure(program, source, target, command):
        key = program, source, target, options.cap
        if key not in kept or (options.again and program == "wikipath"):
            row = {"program": program, "from": source, "to": target, "cap": options.cap, **run(command, options.cap)}
            with file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
            kept[key] = row
        return kept[key]

    print("| from | to | links | paths | WikiPath: requests | s | lecture: requests | s | links |"
          " × requests | × time |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    requests, times = [], []
    for source, target, distance in graph.pairs(options.pairs, options.seed):
        theirs = measure("lecture", source, target, [options.python, PEER, api, source, target])
        ours = measure("wikipath", source, target,
                       [*wikipath, source, target, "--wiki", api, "--json", "--no-cache"])
        if ours["links"] != distance:
            sys.exit(f"'{source}' to '{target}': WikiPath found {ours['links']} links, the graph has {distance}.")
        requests.append(theirs["requests"] / ours["requests"])
        times.append(theirs["seconds"] / ours["seconds"])
        print(f"| {source} | {target} | {distance} | {ours['pathCount']} | {ours['requests']} | {ours['seconds']:.2f} "
              f"| {theirs['requests']} | {theirs['seconds']:.1f} | {theirs['links'] or '–'} "
              f"| {requests[-1]:.0f} | {times[-1]:.0f} |", flush=True)
    print(f"\nMedian over {len(times)} pairs: {statistics.median(requests):.0f} times fewer requests, "
          f"{statistics.median(times):.0f} times less time.")


main()
