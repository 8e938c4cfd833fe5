#!/usr/bin/env python3
"""examples.py PAGE - run the examples of a manual page, in an empty folder

In the displays of the section EXAMPLES, a line "$ COMMAND" is executed, and
the lines behind it, up to the next command or the end of the display, are its
exact output; a command that ends in a backslash goes on in the next line. One
bash -euo pipefail runs the commands of a page in order. Prints what differs
and exits 1.
"""
import difflib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ESCAPES = {"e": "\\", "-": "-", "&": "", "(dq": '"', "(aq": "'", "(ga": "`",
           "(ti": "~", "(ha": "^", "(rs": "\\", "(bs": "\\"}


def unescape(line):
    def character(found):
        return ESCAPES[found[1]]
    return re.sub(r"\\(\(..|.)", character, line)


def examples(page):
    """[command, output] of each example of a page's source."""
    found, section, display = [], "", False
    for line in page.splitlines():
        if line.startswith(".Sh "):
            section = line[4:]
        elif line.startswith((".Bd", ".Ed")):
            display = section == "EXAMPLES" and line.startswith(".Bd")
            command = None
        elif display:
            line = unescape(line) + "\n"
            if command and command[0].endswith("\\\n"):
                command[0] += line
            elif line.startswith("$ "):
                command = [line[2:], ""]
                found.append(command)
            elif command:
                command[1] += line
    return found


def run(commands):
    """What each command wrote, None if it was not reached; and the shell."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = [Path(folder, str(i)) for i in range(len(commands))]
        work = Path(folder, "work")
        work.mkdir()
        script = "".join(f"exec > '{output}'\n{command}"
                         for output, command in zip(outputs, commands))
        shell = subprocess.run(["bash", "-euo", "pipefail", "-c", script],
                               cwd=work, stdin=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
        return [output.read_text() if output.exists() else None
                for output in outputs], shell


def main(path):
    cases = examples(Path(path).read_text())
    if not cases:
        return [f"{path}: no example that can be executed\n"]
    outputs, shell = run([command for command, _ in cases])
    wrong = []
    for (command, want), got in zip(cases, outputs):
        if got not in (want, None):
            wrong.append(f"{path}: $ {command}")
            wrong += difflib.ndiff(want.splitlines(True), got.splitlines(True))
    if shell.returncode:
        last = [command for (command, _), got in zip(cases, outputs)
                if got is not None][-1]
        wrong.append(f"{path}: $ {last}status {shell.returncode}\n")
    return wrong + [shell.stderr] if wrong else []


differences = main(sys.argv[1])
sys.stdout.writelines(differences)
sys.exit(bool(differences))
