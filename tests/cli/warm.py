"""Runs commands as the installed `badges-server` does, each in a process of its own, forked from one that is warm.

Importing everything takes a second and more, most commands a tenth of it. One request a line on standard input, as
JSON: `arguments`, `folder`, `environment`, the files `stdin`, `stdout`, `stderr`, and `largest`: how many bytes any
file may have, or null. One answer a line: the exit code, and the most memory (KiB) that the command held.
"""

import gc
import json
import os
import resource
import sys
from importlib import import_module
from typing import Any, NoReturn

from badges_server import cli

STREAMS = {"stdin": os.O_RDONLY, "stdout": os.O_WRONLY, "stderr": os.O_WRONLY}


def run(request: dict[str, Any]) -> NoReturn:
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    for number, (name, flags) in enumerate(STREAMS.items()):
        os.dup2(os.open(request[name], flags), number)
    if request["largest"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["largest"], request["largest"]))
    sys.argv = ["badges-server", *request["arguments"]]
    try:
        cli.main()
    except SystemExit as end:
        sys.stdout.flush()
        # Taking down all that was imported would take longer than most commands.
        os._exit(int(str(end.code)))
    raise AssertionError("a command ends by an exit code")


def answer(request: dict[str, Any]) -> dict[str, int]:
    child = os.fork()
    if child == 0:
        run(request)
    _, status, usage = os.wait4(child, 0)
    return {"code": os.waitstatus_to_exitcode(status), "peak": usage.ru_maxrss}


def serve() -> None:
    for module in cli.COMMANDS.values():
        import_module(f"badges_server.cli.{module}")
    # What is here already is left alone when a child collects its garbage: touching it would copy it.
    gc.freeze()
    # Unbuffered: a child must not inherit what was read ahead.
    with os.fdopen(os.dup(0), "rb", buffering=0) as requests, os.fdopen(os.dup(1), "wb", buffering=0) as answers:
        answers.write(b"ready\n")
        for line in iter(requests.readline, b""):
            answers.write(json.dumps(answer(json.loads(line))).encode() + b"\n")
    gc.unfreeze()


if __name__ == "__main__":
    serve()
