"""`shapecheck server`: findings while one types, shapes under the cursor and at the ends of lines. pygls speaks the protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from lsprotocol import types as lsp
from pygls import uris
from pygls.lsp.server import LanguageServer

from shapecheck.config.errors import ConfigError
from shapecheck.editor import Document, Editor, Mark, Shape, Span, fixing, shape_at, shapes_of_lines, silencing
from shapecheck.version import __version__

PAUSE = 0.4
"""Seconds without a key before a text that changes is looked at."""

SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "info": lsp.DiagnosticSeverity.Information,
}

Answer = TypeVar("Answer")


class Server(LanguageServer):
    """The state of a session: what was said of each text, by its version."""

    def __init__(self) -> None:
        super().__init__("shapecheck", __version__)
        self.editor = Editor()
        self.work = ThreadPoolExecutor(1)  # the engine knows one run at a time
        self.marks: dict[str, tuple[Document, list[Mark]]] = {}
        self.known: dict[str, tuple[str, list[Shape]]] = {}
        self.told: set[str] = set()

    async def apart(self, work: Callable[[], Answer]) -> Answer:
        """Do something slow beside the conversation."""
        return await asyncio.get_running_loop().run_in_executor(self.work, work)

    def document(self, uri: str) -> Document:
        """A text as the editor has it now."""
        return Document(uris.to_fs_path(uri) or uri, self.workspace.get_text_document(uri).source)

    async def check(self, uri: str) -> None:
        """Look at a text and tell what is found; nothing, when it has changed meanwhile."""
        version = self.workspace.get_text_document(uri).version
        document = self.document(uri)
        try:
            marks = await self.apart(lambda: self.editor.marks(document))
        except ConfigError as error:
            self.tell(str(error))
            marks = []
        if uri not in self.workspace.text_documents or self.workspace.get_text_document(uri).version != version:
            return
        self.marks[uri] = document, marks
        diagnostics = [_diagnostic(mark) for mark in marks]
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, diagnostics, version))

    def tell(self, sentence: str) -> None:
        """Show a sentence, once."""
        if sentence not in self.told:
            self.told.add(sentence)
            self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, f"shapecheck: {sentence}"))

    async def shapes(self, uri: str) -> list[Shape]:
        """The tensor expressions of a text; those of a text that cannot be read just now are the last ones that could."""
        document = self.document(uri)
        kept = self.known.get(uri)
        if kept is None or kept[0] != document.text:
            try:
                found = await self.apart(lambda: self.editor.shapes(document))
            except ConfigError:
                return []
            kept = self.known[uri] = document.text, found
        return kept[1]


def _diagnostic(mark: Mark) -> lsp.Diagnostic:
    related = [
        lsp.DiagnosticRelatedInformation(lsp.Location(uris.from_fs_path(path) or "", _range(span)), words)
        for path, span, words in mark.related
    ]
    return lsp.Diagnostic(
        _range(mark.span), mark.message, SEVERITIES[mark.severity], mark.code, source="shapecheck", related_information=related
    )


def _action(title: str, mark: Mark, uri: str, changes: list[tuple[Span, str]]) -> lsp.CodeAction:
    edit = lsp.WorkspaceEdit(changes={uri: [lsp.TextEdit(_range(span), words) for span, words in changes]})
    return lsp.CodeAction(title, lsp.CodeActionKind.QuickFix, [_diagnostic(mark)], edit=edit)


def _range(span: Span) -> lsp.Range:
    return lsp.Range(lsp.Position(*span[0]), lsp.Position(*span[1]))


def make_server() -> Server:
    """A server with its answers."""
    server = Server()

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        await server.check(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        server.known.clear()  # what other texts import may have changed
        await server.check(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        await asyncio.sleep(PAUSE)
        texts = server.workspace.text_documents
        if document.uri in texts and texts[document.uri].version == document.version:
            await server.check(document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.marks.pop(uri, None)
        server.known.pop(uri, None)
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        shape = shape_at(await server.shapes(params.text_document.uri), (params.position.line, params.position.character))
        if shape is None:
            return None
        said = f"```\n{shape.words}\n```" if shape.known else f"shape not known: {shape.words}"
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, said), _range(shape.span))

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
    async def hints(params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
        shapes = await server.shapes(params.text_document.uri)
        shown = shapes_of_lines(shapes, params.range.start.line, params.range.end.line)
        return [lsp.InlayHint(lsp.Position(*shape.span[1]), shape.words, lsp.InlayHintKind.Type, padding_left=True) for shape in shown]

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix]))
    def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        uri = params.text_document.uri
        document, marks = server.marks.get(uri, (None, []))
        if document is None or document.text != server.document(uri).text:
            return []
        start, end = ((spot.line, spot.character) for spot in (params.range.start, params.range.end))
        found = []
        for mark in marks:
            if mark.span[0] > end or start > mark.span[1]:
                continue
            fixed = fixing(document, mark)
            if fixed is not None:
                found.append(_action(f"Fix: {fixed[0]}", mark, uri, fixed[1]))
            silenced = silencing(document, mark)
            if silenced is not None:
                line, words = silenced
                whole = document.span((line + 1, 1, line + 1, len(document.lines[line]) + 1))
                found.append(_action(f"Silence {mark.code} on this line", mark, uri, [(whole, words)]))
        return found

    return server


def serve() -> None:
    """Speak with the editor on standard input and output until it says goodbye."""
    make_server().start_io()
