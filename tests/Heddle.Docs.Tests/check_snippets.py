"""Reads [{"place", "code", "since"}, ...] as JSON, and prints what is wrong with each snippet, a line each.

A snippet is a line out of a function: it must compile in one, and each name of the standard library that it uses must
exist, unless it says that it is newer ("since") than this Python.
"""
import ast
import importlib
import json
import sys

MODULES = ('asyncio', 'asyncio.subprocess', 'concurrent.futures', 'contextlib', 'contextvars', 'functools', 'inspect')


def compiles(code):
    if code.startswith(('except', 'finally')):
        code = f'try: pass\n{code}'
    body = code.replace('\n', '\n    ')
    for head in ('async def snippet():', 'def snippet():'):
        try:
            return compile(f'{head}\n    {body}\n', 'snippet', 'exec', ast.PyCF_ONLY_AST), None
        except SyntaxError as error:
            problem = error
    return None, problem.msg


def dotted(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (left := dotted(node.value)):
        return f'{left}.{node.attr}'
    return None


def unknown_names(tree):
    for node in ast.walk(tree):
        name = dotted(node) if isinstance(node, ast.Attribute) else None
        module, _, attribute = name.rpartition('.') if name else ('', '', '')
        if module in MODULES and not hasattr(importlib.import_module(module), attribute):
            yield name


def main():
    for snippet in json.load(sys.stdin):
        tree, problem = compiles(snippet['code'])
        if problem:
            print(f"{snippet['place']}: {problem}: {snippet['code']}")
            continue
        since = tuple(map(int, snippet['since'].split('.'))) if snippet['since'] else (3, 11)
        if since <= sys.version_info[:2]:
            for name in unknown_names(tree):
                print(f"{snippet['place']}: this Python has no {name}: {snippet['code']}")


main()
