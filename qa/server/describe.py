"""The API's description as a page: made from the OpenAPI document, without the scripts that other pages fetch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from qa.server.plain import plain_page

DOCUMENT = "/api/v1/openapi.json"
EXAMPLE = """curl -s http://127.0.0.1:7860/api/v1/ask -H 'content-type: application/json' \\
  -d '{"question": "When was the first India-Japan 2+2?"}'"""


def describe(document: Mapping[str, Any]) -> str:
    """Return the page that describes an OpenAPI document."""
    schemas = document.get("components", {}).get("schemas", {})
    operations = [
        _operation(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    models = [_model(name, schema) for name, schema in sorted(schemas.items())]
    head = (
        f"<h1>{escape(document['info']['title'])} API</h1><p>{escape(document['info']['description'])}</p>"
        f"<pre><code>{escape(EXAMPLE)}</code></pre>"
        f'<p>The same as a document: <a href="{DOCUMENT}">OpenAPI {escape(document["openapi"])}</a>. '
        "Model Context Protocol, streamable HTTP: <code>/mcp</code>.</p>"
    )
    body = f"<main>{head}{''.join(operations)}<h2>What is sent and given</h2>{''.join(models)}</main>"
    return plain_page("API", body)


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> str:
    sent = operation.get("requestBody", {}).get("content", {})
    told = [f"<p>{escape(operation.get('description', ''))}</p>"]
    if parameters := operation.get("parameters", []):
        rows = "".join(
            f"<tr><td><code>{escape(named['name'])}</code><td>{_kind(named['schema'])}"
            f"<td>{escape(named.get('description', named['schema'].get('description', '')))}"
            for named in parameters
        )
        told.append(f"<table><tr><th>Parameter<th>Kind<th>Meaning{rows}</table>")
    told += [f"<p>Sent: {_kind(body['schema'])} as <code>{escape(kind)}</code></p>" for kind, body in sent.items()]
    answers = "".join(
        f"<tr><td>{escape(status)}<td>{_answer(answer)}<td>{escape(answer.get('description', ''))}"
        for status, answer in sorted(operation["responses"].items())
    )
    told.append(f"<table><tr><th>Status<th>Given<th>When{answers}</table>")
    return f"<h2><code>{escape(method.upper())} {escape(path)}</code></h2>{''.join(told)}"


def _answer(answer: Mapping[str, Any]) -> str:
    return ", ".join(_kind(body.get("schema", {})) for body in answer.get("content", {}).values())


def _model(name: str, schema: Mapping[str, Any]) -> str:
    needed = schema.get("required", [])
    rows = "".join(
        f"<tr><td><code>{escape(member)}</code>{'' if member in needed else ' (optional)'}"
        f"<td>{_kind(told)}<td>{escape(told.get('description', ''))}"
        for member, told in schema.get("properties", {}).items()
    )
    meaning = escape(schema.get("description", ""))
    table = f"<table><tr><th>Member<th>Kind<th>Meaning{rows}</table>"
    return f'<h3 id="{escape(name)}"><code>{escape(name)}</code></h3><p>{meaning}</p>{table}'


def _kind(schema: Mapping[str, Any]) -> str:
    """Return a schema in words, with a link to what it names."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_kind(choice) for choice in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    kind = schema.get("format") or schema.get("type", "anything")
    default = f", default <code>{escape(json.dumps(schema['default']))}</code>" if schema.get("default") else ""
    return f"{escape(str(kind))}{default}"
