"""The codebook as one page that needs nothing from elsewhere: no script, no address, no picture."""

from collections.abc import Sequence

from jinja2 import Environment, StrictUndefined

from consult.exports.codebook import value_labels
from consult.exports.people import meanings
from consult.exports.record import ExportedItem
from consult.exports.tables import Table, rows_of
from consult.safe_text import printable

# Escaping is the environment's business, so that no label of an officer can be forgotten.
_ENVIRONMENT = Environment(
    autoescape=True,
    undefined=StrictUndefined,
    finalize=lambda value: printable(value) if type(value) is str else value,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGE = _ENVIRONMENT.from_string("""{% macro heads() %}
<thead><tr>{% for name in varargs %}<th scope="col">{{ name }}</th>{% endfor %}</tr></thead>
{%- endmacro %}
<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Codebook: {{ title }}</title>
<style>
body { font-family: Arial, sans-serif; line-height: 1.4; margin: 2rem; max-width: 80rem; color: #0b0c0c; }
table { border-collapse: collapse; margin: 1rem 0 3rem; }
caption { text-align: left; font-weight: bold; padding: 0.5rem 0; }
th, td { border: 1px solid #b1b4b6; padding: 0.4rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
thead th { background: #f3f2f1; }
div.wide { overflow-x: auto; }
</style>
</head>
<body>
<main>
<h1 dir="auto">Codebook: {{ title }}</h1>
<p>What every column of every file means. The same stands in the table called codebook.</p>
<h2>Files</h2>
<ul>
{% for table in tables %}
<li><a href="#{{ table.name }}">{{ table.name }}</a>: {{ table.title }}; {{ rows_of(table) }}</li>
{% endfor %}
</ul>
<h2>Items</h2>
<div class="wide" role="region" aria-label="Items" tabindex="0">
<table>
<caption>Items, in the order of the survey</caption>
{{ heads("Key", "Sentence", "Form and role", "Values", "Asked", "Plan", "Version") }}
<tbody>
{% for item, values in items %}
<tr>
<th scope="row" dir="auto">{{ item.key }}</th>
<td dir="auto">{{ item.stem }}</td>
<td>{{ item.form }}, {{ item.role }}</td>
<td dir="auto">{{ values }}
{%- if item.favour_from is not none %}; in favour from {{ item.favour_from }}{% endif %}
{%- if item.reversed %}; words reversed{% endif %}</td>
<td>{{ item.waves | join(" and ") }}</td>
<td>{{ item.plan }}
{%- if item.delta is not none %}; smallest change that matters {{ item.delta }}{% endif %}</td>
<td>{{ item.version }}</td>
</tr>
{% endfor %}
</tbody>
</table>
</div>
<h2>Columns</h2>
{% for table in tables %}
<div class="wide" role="region" aria-label="Columns of {{ table.name }}" tabindex="0">
<table id="{{ table.name }}">
<caption>{{ table.name }}: {{ table.title }}</caption>
{{ heads("Column", "What it holds", "Kind", "Unit", "Values", "Empty means", "Not empty") }}
<tbody>
{% for column in table.columns %}
<tr>
<th scope="row">{{ column.name }}</th>
<td dir="auto">{{ column.label }}</td>
<td>{{ column.kind }}</td>
<td>{{ column.unit }}</td>
<td dir="auto">{{ value_labels(column.values) }}</td>
<td>{{ column.empty }}</td>
<td>{{ "" if column.n is none else "{:,}".format(column.n) }}</td>
</tr>
{% endfor %}
</tbody>
</table>
</div>
{% endfor %}
</main>
</body>
</html>
""")


def codebook_page(title: str, tables: Sequence[Table], items: Sequence[ExportedItem]) -> str:
    """The codebook as an HTML page, with the items first and then every column of every table."""
    return _PAGE.render(
        title=title,
        tables=tables,
        items=[(item, value_labels(meanings(item))) for item in items],
        value_labels=value_labels,
        rows_of=rows_of,
    )
