"""Records what PyYAML makes of scalars: python record_pyyaml_scalars.py > pyyaml-scalars.json (needs pyyaml 6)."""

import datetime
import json

import yaml

SCALARS = """
yes|Yes|YES|yEs|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|tRUE|false|False|FALSE|y|n|Y|N|t
null|Null|NULL|nULL|~|None|none|nil
0|-0|+0|7|-7|+7|007|010|-010|08|0o10|0b101|0b2|0x1F|-0x1f|0xg|1_000|_1|1__0|0_
9007199254740991|9007199254740992|-9007199254740993|123456789012345678901234567890
11:45|1:2:3|-1:30|190:20:30|0:30|1:60|1:5|08:30|10:00:00|12:30:45.5
1.0|1.|.5|-.5|+.5|1.5e+3|1.5e3|1e3|1e+3|1.e+3|1_000.5|.inf|-.inf|+.inf|.INF|.nan|.NaN|inf|nan|NaN|1.2.3|.|._|-|6.02e-23
2024-01-01|2024-1-1|2024-01-01T10:20:30Z|2024-01-01 10:20:30|2024-01-01 10:20:30.25 +02:00|2024-01-01t1:20:30-5|2024-01-01 10:20|2024-13-01|2024-02-30|0000-01-01|10:20:30
=|<<x|0.1.1|1,000|12abc|+|2024|v1|'010'|"yes"|!!str 010|!!int "12"|!!float 3|!!bool "yes"|!!null ""|hello world
"""


def describe(text):
    try:
        value = yaml.safe_load("key: " + text)["key"]
    except Exception as error:
        return {"text": text, "type": "error", "value": type(error).__name__}
    kind = type(value).__name__
    if isinstance(value, (datetime.date, datetime.datetime)):
        return {"text": text, "type": kind, "value": value.isoformat()}
    if value is None or isinstance(value, (bool, str)):
        return {"text": text, "type": kind, "value": value}
    return {"text": text, "type": kind, "value": repr(value)}


rows = [describe(text) for line in SCALARS.strip().splitlines() for text in line.split("|")]
print("[\n" + ",\n".join("  " + json.dumps(row) for row in rows) + "\n]")
