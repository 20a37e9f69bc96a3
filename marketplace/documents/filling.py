"""Filling: a Word template and plain values become a document, the same bytes for the same input.

Lawyers write templates, so a template is data from outside: it runs in Jinja's sandbox, and only with what `Inspector`
lets pass: known variables, `if`, and `for` over known tables. docxtpl loads when it is used.
"""

import io
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape

from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from marketplace.core.errors import Invalid

from . import archives
from .archives import refuse

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

LARGEST_TEMPLATE = 2 * 2**20
LARGEST_UNPACKED = 8 * 2**20  # what it makes is stored unpacked
DEEPEST = 2  # tables within tables
LOOP = ("index", "first", "last")
PLAIN = (
    *(nodes.Template, nodes.TemplateData, nodes.Const, nodes.If, nodes.CondExpr),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand),
)
CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
)
ONE_DAY = (1980, 1, 1, 0, 0, 0)  # the first that an archive can name
Values = Mapping[str, str | list[dict[str, str]]]


def check(content: bytes, known: Mapping[str, Collection[str]]) -> set[str]:
    """Return the names of the variables that a template uses; Invalid says what it may not use.

    `known` maps a variable to the columns of its table, to none for a plain text.
    """
    if len(content) > LARGEST_TEMPLATE:
        raise refuse(_("The template is larger than 2 MB."), "too_large")
    if sum(part.file_size for part in archives.parts_of(content)) > LARGEST_UNPACKED:
        raise refuse(_("The template is too large. Use smaller pictures."), "too_large")
    archives.check_text_alone(content)
    template = opened(content)
    inspector = Inspector(known)
    for xml in texts(template):
        try:
            inspector.visit(environment().parse(xml), {})
        except TemplateSyntaxError as fault:
            raise refuse(_("A mark of the template cannot be read: %(fault)s") % {"fault": fault.message}) from fault
    if inspector.faults:
        faults = [_("The template may not use: %(what)s") % {"what": what} for what in sorted(inspector.faults)]
        raise Invalid(code="template", fields={"file": faults})
    rehearse(template, known)
    return inspector.used


def rehearse(template: "DocxTemplate", known: Mapping[str, Collection[str]]) -> None:
    """Fill it with something and with nothing: a mark that begins in one paragraph and ends in another tears the file,
    which Word would mend by leaving text out.
    """
    full: Values = {name: [dict.fromkeys(columns, "x")] * 2 if columns else "x" for name, columns in known.items()}
    empty: Values = {name: [] if columns else "" for name, columns in known.items()}
    for values in (full, empty):
        template.render_init()
        try:
            fromstring(template.build_xml(values, environment()))
        except ParseError as fault:
            raise refuse(
                _("The marks do not fit together: give each {%p …%} and {%tr …%} a paragraph or row of its own."),
                "torn",
            ) from fault


class Inspector:
    """Walks through what a template says; gathers the variables that it uses and whatever is not allowed."""

    def __init__(self, known: Mapping[str, Collection[str]]) -> None:
        self.known = known
        self.used: set[str] = set()
        self.faults: set[str] = set()

    def visit(self, node: nodes.Node, rows: dict[str, Collection[str]]) -> None:
        """`rows` are the loops around the node: the name of a row, and its columns."""
        match node:
            case nodes.For():
                self.visit_for(node, rows)
            case nodes.Getattr():
                self.visit_column(node, rows)
            case nodes.Output():
                self.visit_output(node, rows)
            case nodes.Name():
                self.use(node.name)
            case _ if isinstance(node, PLAIN):
                self.visit_all(node.iter_child_nodes(), rows)
            case _:
                self.faults.add(type(node).__name__)

    def visit_all(self, children: Iterable[nodes.Node], rows: dict[str, Collection[str]]) -> None:
        for node in children:
            self.visit(node, rows)

    def visit_output(self, node: nodes.Output, rows: dict[str, Collection[str]]) -> None:
        """A table is no text: it is gone through by `for`, or asked for by `if`."""
        self.faults |= {each.name for each in node.nodes if isinstance(each, nodes.Name) and self.known.get(each.name)}
        self.visit_all(node.nodes, rows)

    def visit_for(self, node: nodes.For, rows: dict[str, Collection[str]]) -> None:
        item, table = getattr(node.target, "name", ""), getattr(node.iter, "name", "")
        is_simple = not (node.recursive or node.test or node.else_)
        if not (is_simple and item and item not in self.known and self.known.get(table) and len(rows) < DEEPEST):
            self.faults.add(f"for {item} in {table or type(node.iter).__name__}")
            return
        self.used.add(table)
        self.visit_all(node.body, {**rows, item: self.known[table]})

    def visit_column(self, node: nodes.Getattr, rows: dict[str, Collection[str]]) -> None:
        owner = getattr(node.node, "name", "")
        is_loop = owner == "loop" and bool(rows) and node.attr in LOOP
        if not is_loop and node.attr not in rows.get(owner, ()):
            self.faults.add(f"{owner}.{node.attr}")

    def use(self, name: str) -> None:
        if name in self.known:
            self.used.add(name)
        else:
            self.faults.add(name)


def fill(content: bytes, values: Values, *, title: str) -> bytes:
    """The document. `values` has every variable of the template; a missing one is an error, never a gap."""
    template = opened(content)
    clear_properties(template)
    template.render(dict(values), environment(), autoescape=True)
    made = io.BytesIO()
    template.save(made)
    return packed(made.getvalue(), title)


def environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def opened(content: bytes) -> "DocxTemplate":
    """The template as docxtpl reads it; Invalid when Word itself could not."""
    from docx.opc.exceptions import OpcError
    from docxtpl import DocxTemplate

    template = DocxTemplate(io.BytesIO(content))
    try:
        template.init_docx()
    except (OpcError, KeyError, ValueError, AttributeError, OSError, SyntaxError) as fault:
        raise archives.damaged() from fault
    return template


def texts(template: "DocxTemplate") -> Iterator[str]:
    """The XML of every part that docxtpl renders, as it hands it to Jinja."""
    yield template.patch_xml(template.get_xml())
    for place in (template.HEADER_URI, template.FOOTER_URI):
        for _key, part in template.get_headers_footers(place):
            yield template.patch_xml(template.get_part_xml(part))
    for part in template.docx.part.package.parts:
        if part.content_type.endswith("wordprocessingml.footnotes+xml"):
            yield template.patch_xml(part.blob.decode("utf-8"))


def clear_properties(template: "DocxTemplate") -> None:
    """docxtpl renders these as templates too; the document gets its own."""
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        setattr(template.docx.core_properties, name, "")


def packed(content: bytes, title: str) -> bytes:
    """The archive again: one order, one day, stored without compression, whose result differs between machines."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = zipfile.ZipInfo(name, ONE_DAY)
            part.create_system, part.external_attr = 3, 0o600 << 16
            is_core = name == "docProps/core.xml"
            new.writestr(part, CORE.format(title=escape(title)) if is_core else old.read(name))
    return made.getvalue()
