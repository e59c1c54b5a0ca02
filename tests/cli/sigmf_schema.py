#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Hold SigMF metadata against the rules of SigMF and of the fob extension.

  sigmf_schema.py FILE|FOLDER...

A FILE is a .sigmf-meta or a .sigmf-collection, a FOLDER has some; what lies beside it (samples,
the recordings of a collection) is held against it as well. Before that, the
rules themselves are tried on tests/support/sigmf_documents.json, of which they
must refuse what src/sigmf_rules.c refuses. Exit 1 at a fault, 77 where there is
no python3-jsonschema.
"""
import datetime
import hashlib
import json
import os
import re
import sys

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not here")
    sys.exit(77)

SUPPORT = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "..", "support")
TYPED = ["fob:label", "fob:car", "fob:buttons", "fob:sticker", "fob:note"]
STARTS = "core:sample_start"
INDEX = "core:global_index"
HASH = "0f" * 64

# What a collection must not be; a recording's are in sigmf_documents.json.
BROKEN_COLLECTIONS = [
    {},
    {"collection": []},
    {"collection": {}},
    {"collection": {"core:version": "1"}},
    {"collection": {"core:version": "1.2.5"}, "global": {}},
    {"collection": {"core:version": "1.2.5", "core:author": 1}},
    {"collection": {"core:version": "1.2.5", "core:hw": "x"}},
    {"collection": {"core:version": "1.2.5", "fob:x": "x"}},
    {"collection": {"core:version": "1.2.5", "ant:x": "x"}},
    {"collection": {"core:version": "1.2.5", "core:streams": {}}},
    {"collection": {"core:version": "1.2.5",
                    "core:streams": [["a", HASH]]}},
    {"collection": {"core:version": "1.2.5",
                    "core:streams": [{"name": "a"}]}},
    {"collection": {"core:version": "1.2.5",
                    "core:streams": [{"name": "a", "hash": "0f"}]}},
    {"collection": {"core:version": "1.2.5",
                    "core:streams": [{"name": "../a", "hash": HASH}]}},
]
RIGHT_COLLECTIONS = [
    {"collection": {"core:version": "1.2.5"}},
    {"collection": {"core:version": "1.2.5", "core:description": "d",
                    "core:author": "a", "core:license": "l",
                    "core:streams": [{"name": "a", "hash": HASH}]}},
]


def refuse(word):
    """NaN and Infinity, which Python reads and JSON has not."""
    raise ValueError(word + " is not JSON")


def load(name):
    with open(name, encoding="utf-8") as f:
        return json.load(f, parse_constant=refuse)


def validator(kind):
    """Of "recording" or "collection"."""
    schema = load(os.path.join(SUPPORT, "sigmf_schema.json"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(
        {"allOf": [{"$ref": "#/definitions/" + kind}],
         "definitions": schema["definitions"]})


VALIDATORS = {kind: validator(kind) for kind in ("recording", "collection")}


def schema_faults(kind, document):
    for fault in VALIDATORS[kind].iter_errors(document):
        path = "/".join(str(word) for word in fault.absolute_path)
        yield "%s: %s" % (path or "document", fault.message[:200])


def undeclared(extensions, fields):
    known = ["core"] + [entry["name"] for entry in extensions]
    for key in fields:
        if key.split(":")[0] not in known:
            yield key + ": its namespace is not declared"


def is_date(text):
    """The calendar's part; a leap second is the second before it."""
    text = re.sub(r":60(?=[.Z])", ":59", text)
    text = re.sub(r"\..*", "", text.rstrip("Z"))
    try:
        datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return False
    return True


def order_faults(name, entries, end):
    """end: the index behind the last sample, None: not known"""
    last = 0
    for i, entry in enumerate(entries):
        start, count = entry[STARTS], entry.get("core:sample_count", 0)
        if start < last:
            yield "%s/%d: not in order" % (name, i)
        last = start
        if end is not None and start + count > end:
            yield "%s/%d: not within the samples" % (name, i)


def left_out_faults(captures):
    last = None
    for i, capture in enumerate(captures):
        lost = capture.get(INDEX, 0)
        if last is not None:
            lost -= last.get(INDEX, last[STARTS])
            lost -= capture[STARTS] - last[STARTS]
        if "fob:left_out" in capture and capture["fob:left_out"] > lost:
            yield "captures/%d: fob:left_out is too much" % i
        last = capture


def other_faults(document, samples):
    """What a schema cannot say, of a document that keeps to the schema."""
    head = document["global"]
    captures, annotations = document["captures"], document["annotations"]
    for fields in [head] + captures + annotations:
        yield from undeclared(head.get("core:extensions", []), fields)
    for key in TYPED:
        if len(head.get(key, "").encode()) > 200:
            yield key + ": more than 200 bytes"
    dates = [head.get("fob:added")]
    dates += [capture.get("core:datetime") for capture in captures]
    for date in dates:
        if date is not None and not is_date(date):
            yield date + ": not a date"
    end = None if samples is None else samples + head.get("core:offset", 0)
    yield from order_faults("captures", captures, end)
    yield from order_faults("annotations", annotations, end)
    yield from left_out_faults(captures)


def recording_faults(document, samples):
    faults = list(schema_faults("recording", document))
    return faults or list(other_faults(document, samples))


def collection_faults(document):
    faults = list(schema_faults("collection", document))
    if not faults:
        fields = document["collection"]
        faults += undeclared(fields.get("core:extensions", []), fields)
    return faults


def sha512(name):
    with open(name, "rb") as f:
        return hashlib.sha512(f.read()).hexdigest()


def samples_of(head, data):
    bits = int(re.sub("[^0-9]", "", head["core:datatype"]))
    parts = 2 if head["core:datatype"].startswith("c") else 1
    step = bits // 8 * parts * head.get("core:num_channels", 1)
    return os.path.getsize(data) // step


def meta_faults(name):
    document = load(name)
    data = re.sub("meta$", "data", name)
    if list(schema_faults("recording", document)) or not os.path.exists(data):
        return recording_faults(document, None)
    head = document["global"]
    faults = recording_faults(document, samples_of(head, data))
    if head.get("core:sha512", sha512(data)).lower() != sha512(data):
        faults.append("core:sha512 is not that of the samples")
    return faults


def streams_faults(name):
    document = load(name)
    faults = collection_faults(document)
    if faults:
        return faults
    for stream in document["collection"].get("core:streams", []):
        meta = os.path.join(os.path.dirname(name),
                            stream["name"] + ".sigmf-meta")
        if not os.path.exists(meta):
            faults.append(stream["name"] + ": is not beside it")
        elif sha512(meta) != stream["hash"].lower():
            faults.append(stream["name"] + ": has another hash")
    return faults


def try_the_rules():
    """What they take or refuse and should not, in words."""
    for case in load(os.path.join(SUPPORT, "sigmf_documents.json")):
        faults = recording_faults(case["document"], case.get("samples"))
        if bool(faults) != bool(case["says"]):
            yield "%s: %s" % (case["says"], faults or "not refused")
    for broken in BROKEN_COLLECTIONS:
        if not collection_faults(broken):
            yield "not refused: %s" % broken
    for right in RIGHT_COLLECTIONS:
        for fault in collection_faults(right):
            yield "refused: %s" % fault


def faults_of(name):
    try:
        if name.endswith(".sigmf-meta"):
            return meta_faults(name)
        return streams_faults(name)
    except (OSError, ValueError) as fault:
        return [str(fault)]


def files_of(name):
    if not os.path.isdir(name):
        return [name]
    found = [os.path.join(folder, each)
             for folder, _, names in os.walk(name) for each in names
             if each.endswith((".sigmf-meta", ".sigmf-collection"))]
    return sorted(found) or sys.exit(name + ": no SigMF in it")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    faults = list(try_the_rules())
    names = sum(map(files_of, sys.argv[1:]), [])
    for name in names:
        faults += ["%s: %s" % (name, fault) for fault in faults_of(name)]
    for fault in faults:
        print(fault)
    print("%d files, %d faults" % (len(names), len(faults)))
    sys.exit(1 if faults else 0)


main()
