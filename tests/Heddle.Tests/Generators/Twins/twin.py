"""Runs generator programs and writes down what they did, for comparison with the same programs in C#.

Reads one JSON array of programs, each {"source", "slots", "ops"}, and writes one JSON array of transcripts.
"""
import inspect
import json
import os
import sys


class A(Exception):
    pass


class B(Exception):
    pass


KINDS = {"A": A, "B": B, "exit": GeneratorExit, "stop": StopIteration}


def kind(error):
    text = str(error)
    if isinstance(error, RuntimeError):
        return "ignored" if "ignored" in text else "stop left body" if "StopIteration" in text else f"? {text}"
    if isinstance(error, ValueError):
        return "running" if "already executing" in text else f"? {text}"
    if isinstance(error, TypeError):
        return "not started" if "just-started" in text else f"? {text}"
    if isinstance(error, AttributeError):
        return "takes no values"
    return next((name for name, cls in KINDS.items() if isinstance(error, cls)), f"? {error!r}")


def throw(generator, error):
    """As generator.throw, but for a defect of CPython 3.11: thrown into while it runs, a generator that delegates refuses,
    as it should, but forgets what it delegates to."""
    if generator.gi_running:
        raise ValueError("generator already executing")
    return generator.throw(error)


def run(program):
    lines = []
    # Python closes a generator that nobody has any more; .NET does not, so here somebody has each.
    kept = []

    def log(*words):
        lines.append(" ".join(str(word) for word in words))

    def keep(generator):
        kept.append(generator)
        return generator

    names = {"A": A, "B": B, "log": log, "keep": keep, "kind": kind, "throw": throw}
    exec(program["source"], names)
    slots = [names[function]() for function in program["slots"]]
    names["slots"] = slots

    for op, slot, argument in program["ops"]:
        generator = slots[slot]
        try:
            if op == "next":
                log("yields", next(generator))
            elif op == "send":
                log("yields", generator.send(argument))
            elif op == "throw":
                log("yields", generator.throw(KINDS[argument]()))
            else:
                generator.close()
                log("is closed")
        except StopIteration as end:
            log("ends with", end.value)
        except BaseException as error:
            log("throws", kind(error))
        state = inspect.getgeneratorstate(generator).removeprefix("GEN_").capitalize()
        log(state, "delegating" if generator.gi_yieldfrom is not None else "alone")

    for number, generator in enumerate(slots):
        log(number, inspect.getgeneratorstate(generator).removeprefix("GEN_").capitalize())
    ENDED.append((kept, slots))
    return list(lines)


# Nor when a program is over.
ENDED = []
json.dump([run(program) for program in json.load(sys.stdin)], sys.stdout)
sys.stdout.flush()
# Without closing what was left unfinished.
os._exit(0)
