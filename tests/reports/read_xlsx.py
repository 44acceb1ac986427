#!/usr/bin/env python3
"""Prints an XLSX file as JSON, by what the format says and no library for it.

{"sheets": {name: [[cell, ...], ...]}, "frozen": "A2", "filter": "A1:AI3",
 "widths": n, "formulas": n, "links": n}; an empty cell is null, a number a
number.
"""
import json
import re
import sys
import zipfile
import xml.etree.ElementTree as ET

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def column(ref):
    n = 0
    for c in re.match("[A-Z]+", ref).group():
        n = n * 26 + ord(c) - 64
    return n - 1


def text(value):
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), value)


def cell(c, shared):
    kind = c.get("t")
    if kind == "inlineStr":
        return text("".join(t.text or "" for t in c.iter(M + "t")))
    value = c.find(M + "v")
    if value is None:
        return None
    if kind == "s":
        return shared[int(value.text)]
    return float(value.text) if kind in (None, "n") else text(value.text)


def rows(sheet, shared):
    for row in sheet.iter(M + "row"):
        out = []
        for c in row.iter(M + "c"):
            at = column(c.get("r"))
            out += [None] * (at - len(out)) + [cell(c, shared)]
        yield out


def main(path):
    book = zipfile.ZipFile(path)
    assert book.testzip() is None
    names = [s.get("name") for s in
             ET.fromstring(book.read("xl/workbook.xml")).iter(M + "sheet")]
    shared = []
    if "xl/sharedStrings.xml" in book.namelist():
        strings = ET.fromstring(book.read("xl/sharedStrings.xml"))
        shared = [text("".join(t.text or "" for t in si.iter(M + "t")))
                  for si in strings.iter(M + "si")]
    sheets = [ET.fromstring(book.read(f"xl/worksheets/sheet{i + 1}.xml"))
              for i in range(len(names))]
    pane = sheets[0].find(f".//{M}pane")
    marks = sheets[0].find(M + "autoFilter")
    print(json.dumps({
        "sheets": {n: list(rows(s, shared)) for n, s in zip(names, sheets)},
        "frozen": None if pane is None else pane.get("topLeftCell"),
        "filter": None if marks is None else marks.get("ref"),
        "widths": sum(1 for _ in sheets[0].iter(M + "col")),
        "formulas": sum(1 for s in sheets for _ in s.iter(M + "f")),
        "links": sum(1 for s in sheets for _ in s.iter(M + "hyperlink")),
    }, ensure_ascii=False))


main(sys.argv[1])
