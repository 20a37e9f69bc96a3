"""The rules of the house as pure functions: source text in, findings out as "line: what is wrong".

They read code and run none of it. What a rule lets pass is named here, each with its reason.
"""

import ast
import re
import sys
from collections.abc import Iterator

SAVE_SIGNALS = {
    "pre_init", "post_init", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed",
}  # fmt: skip

WRITES = {
    "save", "asave", "create", "acreate", "update", "aupdate", "delete", "adelete",
    "get_or_create", "aget_or_create", "update_or_create", "aupdate_or_create",
    "bulk_create", "abulk_create", "bulk_update", "abulk_update",
}  # fmt: skip

# Receivers whose method of the same name touches no row.
NOT_ROWS = {
    "cache": "a cache entry is deleted, no row",
    "workbook": "openpyxl writes a spreadsheet to a stream",
    "digest": "hashlib adds bytes",
}

# Bases of Django and DRF that write by themselves, and the method that must call a service instead.
WRITING_BASES = {
    "ModelViewSet": {"perform_create", "perform_update", "perform_destroy"},
    "CreateModelMixin": {"perform_create"},
    "CreateAPIView": {"perform_create"},
    "ListCreateAPIView": {"perform_create"},
    "UpdateModelMixin": {"perform_update"},
    "UpdateAPIView": {"perform_update"},
    "RetrieveUpdateAPIView": {"perform_update"},
    "DestroyModelMixin": {"perform_destroy"},
    "DestroyAPIView": {"perform_destroy"},
    "RetrieveDestroyAPIView": {"perform_destroy"},
    "RetrieveUpdateDestroyAPIView": {"perform_update", "perform_destroy"},
    "CreateView": {"form_valid"},
    "UpdateView": {"form_valid"},
    "DeleteView": {"form_valid"},
}

# Heavy: importing them costs seconds, so they load when they are used and never at start-up.
HEAVY = {"matching", "sklearn", "scipy", "numpy", "openpyxl", "docxtpl", "docx", "pypdf", "vl_convert"}

# What rules may use besides the standard library: other pure rooms.
PURE_CORE = {"marketplace.core.money"}

MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(?:work/(?:main|shared|\.\w+)|Users/\w+/|home/(?!app\b)\w+/|tmp/\w+_jobs)"
    r"|file:/{3}|\b(?:extra-)?index-url\s*[= ]\s*http|\bfind-links\s*[= ]\s*\S"
)


def save_signals(source: str) -> list[str]:
    """Uses of Django's built-in model signals: they fire past the service and say nothing about the act."""
    findings = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db.models"):
            names = {alias.name for alias in node.names} & SAVE_SIGNALS
        elif isinstance(node, ast.Attribute) and _name(node.value).endswith("signals"):
            names = {node.attr} & SAVE_SIGNALS
        else:
            continue
        findings += [f"{node.lineno}: listens to {name}" for name in sorted(names)]
    return findings


def overridden_saves(source: str) -> list[str]:
    """Classes that define `save`: a model holds facts, a service acts."""
    return [
        f"{item.lineno}: {owner.name}.{item.name} is overridden"
        for owner in ast.walk(ast.parse(source))
        if isinstance(owner, ast.ClassDef)
        for item in owner.body
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item.name in ("save", "asave")
    ]


def writes(source: str) -> list[str]:
    """Rows written by a door, openly or through a base class that saves by itself."""
    tree = ast.parse(source)
    return sorted([*_open_writes(tree), *_hidden_writes(tree)], key=_line)


def _open_writes(tree: ast.AST) -> Iterator[str]:
    services = _service_names(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner, verb = _name(node.func.value), node.func.attr
        if verb not in WRITES or owner in services or owner.rsplit(".", 1)[-1] in NOT_ROWS:
            continue
        if verb == "update" and node.args:  # dict.update(mapping); a queryset's update takes keywords alone
            continue
        yield f"{node.lineno}: {owner or '…'}.{verb}() writes; call a service"


def _hidden_writes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        defined = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
        for base in (_name(base).rsplit(".", 1)[-1] for base in node.bases):
            for hook in sorted(WRITING_BASES.get(base, set()) - defined):
                yield f"{node.lineno}: {node.name} lets {base} save; define {hook} and call a service there"


def _service_names(tree: ast.AST) -> set[str]:
    """Names under which modules of services are known in this file: `services.create(…)` is the right way."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.endswith("services") or (node.module or "").endswith("services")
    }


def hidden_imports(source: str, *, wires_receivers: bool = False) -> list[str]:
    """Imports inside functions, except heavy ones.

    `wires_receivers` is for apps.py: Django demands that `ready()` import what needs the loaded models.
    """
    findings = []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if wires_receivers and function.name == "ready":
            continue
        for node in ast.walk(function):
            light = [name for name in imported(node) if name.split(".")[0] not in HEAVY]
            findings += [f"{node.lineno}: {function.name} imports {name}" for name in light]
    return sorted(set(findings), key=_line)


def impurities(source: str, *, package: str = "marketplace.stage") -> list[str]:
    """What a rules.py imports and should not: it knows the standard library, core.money and other rules.

    `package` is where the file lies, which tells what its relative imports mean. Imports for type checkers
    alone are free.
    """
    tree = ast.parse(source)
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and _name(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    return [
        f"{node.lineno}: imports {name}"
        for node in ast.walk(tree)
        if node not in for_types
        for name in imported(node)
        if not _is_pure(_resolve(name, package))
    ]


def _is_pure(name: str) -> bool:
    if name in PURE_CORE or any(name.startswith(pure + ".") for pure in PURE_CORE):
        return True
    if name.startswith("marketplace."):
        return "rules" in name.split(".")
    return name.split(".")[0] in sys.stdlib_module_names


def _resolve(name: str, package: str) -> str:
    """Full name of what a relative import means inside `package`."""
    rest = name.lstrip(".")
    level = len(name) - len(rest)
    return ".".join([*package.split(".")[: len(package.split(".")) - level + 1], rest]) if level else name


def imported(node: ast.AST) -> list[str]:
    """Full names that an import statement brings in; a relative one begins with a dot."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        return [f"{module}.{alias.name}" if node.module else module + alias.name for alias in node.names]
    return []


def too_long(source: str, *, limit: int = 400) -> list[str]:
    """A file past its room."""
    count = len(source.splitlines())
    return [f"{count}: lines, {limit} at most; split it by noun"] if count > limit else []


def machine_paths(text: str) -> list[str]:
    """Places of one machine, and addresses of package indexes."""
    return [
        f"{number}: {found[0]}"
        for number, line in enumerate(text.splitlines(), 1)
        for found in MACHINE_PATHS.finditer(line)
    ]


def _name(node: ast.AST) -> str:
    """`a.b.c` as written, without the calls and indexes between: `a.filter(x)[0].b` is a.filter.b."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{_name(value)}.{attr}".lstrip(".")
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return _name(inner)
    return ""


def _line(finding: str) -> int:
    return int(finding.split(":")[0])
