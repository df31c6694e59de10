"""Records what Python's Jinja makes of templates: python record_jinja.py > jinja-texts.json (needs jinja2 3)."""

import datetime
import json

from jinja2 import Template

SCOPE = {
    "n": 7, "f": 1.5, "small": 0.00001, "big": 12345678901234567890, "t": True, "none": None, "s": "it's", "q": 'say "hi"',
    "nl": "a\nb\\c\t", "l": [1, "a", None, True, 2.5], "e": [], "d": {"k": 1, "x": {"y": ["z"]}}, "ed": {}, "zero": 0, "uni": "Größe",
}
WHEN = "2024-03-05T06:07:08.000900+00:00"

TEMPLATES = [
    "plain text", "{{ n }}", "{{ f }} {{ small }}", "{{ big }}", "{{ t }} {{ not t }}", "{{ none }} {{ None }} {{ True }} {{ False }}",
    "{{ s }}|{{ q }}|{{ nl }}", "{{ l }}", "{{ e }} {{ ed }}", "{{ d }}", "{{ [s, q, nl, uni] }}", "{{ d.k }} {{ d['k'] }} {{ d.x.y[0] }}",
    "{{ l[1] }} {{ l[-1] }}", "{{ missing }}|", "{{ d.missing }}|", "{{ missing | default('x') }}", "{{ missing is defined }} {{ n is defined }}",
    "{% if e %}yes{% else %}no{% endif %}", "{% if ed %}yes{% else %}no{% endif %}", "{% if not e %}yes{% endif %}", "{{ 'a' if e else 'b' }}",
    "{% if zero %}yes{% elif l %}list{% endif %}", "{% if n > 5 and t %}both{% endif %}", "{% if none is none %}none{% endif %}",
    "{% for x in l %}{{ loop.index }}:{{ x }} {% endfor %}", "{% for x in e %}{{ x }}{% else %}empty{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "{% set z = n + 1 %}{{ z }}", "{{ n // 2 }} {{ n / 2 }} {{ n % 4 }} {{ 2 ** 3 }}",
    "{{ 'a' ~ n ~ f }}", "{{ s.upper() }} {{ s | upper }} {{ ' x '.strip() }}", "{{ 'a,b'.split(',') }}", "{{ ','.join(['a', 'b']) }} {{ ['a', 'b'] | join('-') }}",
    "{{ 'aXbX'.replace('X', '$&') }}", "{{ 'abc'.startswith('ab') }}", "{{ d.get('k') }} {{ d.get('zz') }} {{ d.get('zz', 5) }}", "{{ l | length }}",
    "{{ n in [7] }} {{ 'x' not in d }}", "{# comment #}x", "{% raw %}{{ x }}{% endraw %}", "line\n", "line\n\n", "a\n{% if t %}\nb\n{% endif %}\nc", "a {%- if t %} b{% endif -%}  c",
    "{{ when }}", "{{ when.strftime('%Y/%m/%d %H-%M-%S.%f %j %a %B %p %%') }}", "{{ when.year }} {{ when.month }} {{ when.microsecond }}",
    "{{ when.isoformat() }}", "{{ when.date() }} {{ when.weekday() }} {{ when.isoweekday() }}", "{{ [when.year, none] }}", "{{ d | length }} {{ l | first }} {{ l | last }}",
    "{{ '%05d' | length }}", "{{ 'x' | replace('x', 'y') }} {{ ' a ' | trim }} {{ 'ab' | capitalize }}", "{{ n in (7, 8) }} {{ (n + 1) * 2 }} {% for x in (1, 2) %}{{ x }}{% endfor %}", "{% if e or ed %}x{% endif %}{% if e and l %}x{% endif %}{% if l and d %}y{% endif %}", "a\r\nb\r\n", "{{ n == 7 and 'seven' }}", "{{ none or 'fallback' }}", "{{ e or 'fallback' }}",
    "{% macro m(a, b=2) %}<{{ a }}{{ b }}>{% endmacro %}{{ m(1) }}", "{{ missing.attr }}", "{{ nofilter | nofilter }}", "{% if %}", "a\n{{ x",
]

rows = []
for text in TEMPLATES:
    try:
        rows.append({"template": text, "text": Template(text).render(**SCOPE, when=datetime.datetime.fromisoformat(WHEN))})
    except Exception as error:
        rows.append({"template": text, "error": type(error).__name__})
print(json.dumps({"scope": SCOPE, "when": WHEN, "rows": []}, ensure_ascii=False)[:-3] + "[\n" + ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows) + "\n]}")
