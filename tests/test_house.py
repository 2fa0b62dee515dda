"""The house rules that no linter knows: ceilings, the ground plan of the root, and what may never stand in a file."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "badges_server"
MODULES = sorted(PACKAGE.rglob("*.py"))
MODULE_LINES = 250
FUNCTION_LINES = 40
NESTING = 3  # a loop in a `with` in a function is already two
ROOT_ENTRIES = {
    ".ci", ".dockerignore", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile", "LICENSE", "Makefile",
    "README.en.md", "README.md", "SECURITY.md", "badge_classes", "badges_server", "deploy", "docs",
    "examples", "keys", "pyproject.toml", "tests",
}  # fmt: skip
BANNED_NAMES = {"utils", "helpers", "common", "manager", "managers", "base", "misc"}
# Written in two halves, so that this file does not hold what it looks for.
LEAKS = re.compile(
    "|".join(["/(?:wo" + "rk|ro" + r"ot)/[A-Za-z.]", "py" + r"pi\.org", "python" + "hosted", "registry" + r"\.npmjs"])
)
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    first = function.body[0]
    has_docstring = ast.get_docstring(function) is not None
    documented = (first.end_lineno or first.lineno) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - documented


def depth(node: ast.AST, level: int = 0) -> int:
    deepest = level
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and child in node.orelse
        step = 1 if isinstance(child, BLOCKS) and not is_elif else 0
        deepest = max(deepest, depth(child, level + step))
    return deepest


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module_keeps_under_the_ceilings(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= MODULE_LINES, "split it by meaning"
    long = {f.name: code_lines(f) for f in functions(tree) if code_lines(f) > FUNCTION_LINES}
    deep = {f.name: depth(f) for f in functions(tree) if depth(f) > NESTING}
    assert not long, "functions too long"
    assert not deep, "functions nested too deep"


def test_most_functions_are_short() -> None:
    lengths = [code_lines(f) for module in MODULES for f in functions(ast.parse(module.read_text(encoding="utf-8")))]
    assert sum(length <= 30 for length in lengths) >= 0.97 * len(lengths)


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [module for module in MODULES if module.stem in BANNED_NAMES]


def test_folders_stay_small() -> None:
    crowded = {
        str(folder.relative_to(PACKAGE)): count
        for folder in {module.parent for module in MODULES}
        if folder.name not in {"network", "versions", "cli"}  # siblings of one shape
        and (count := sum(1 for child in folder.glob("*.py") if child.name != "__init__.py")) > 18
    }
    assert not crowded, "redraw the plan first"


def test_root_holds_what_the_plan_says() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked_files()} == ROOT_ENTRIES


def test_no_file_names_the_machine_or_a_registry() -> None:
    leaks = {}
    for path in tracked_files():
        try:
            found = LEAKS.search(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue
        if found:
            leaks[str(path.relative_to(ROOT))] = found.group()
    assert not leaks


def test_no_key_is_in_git() -> None:
    assert {path.name for path in tracked_files() if path.parent == ROOT / "keys"} == {".gitignore", "README.md"}
    assert not [path for path in tracked_files() if path.suffix in {".pem", ".key", ".sqlite3"}]


def test_only_the_front_door_draws_time_and_chance() -> None:
    pattern = re.compile(r"\b(?:time\.time\(|os\.urandom|getrandom|uuid1\(|uuid4\()")
    outside = [module for module in MODULES if module.name != "app.py" and pattern.search(module.read_text("utf-8"))]
    assert not [str(module.relative_to(PACKAGE)) for module in outside]
