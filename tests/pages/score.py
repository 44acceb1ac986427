"""How much of the gold text stands in what was read.   score.py DIR

For each NAME.gold, NAME.json is what `adwatch extract --json` printed. White
space does not count. A line of gold that stands whole in the text counts with
all its characters; of another those count that stand in it in runs of two or
more. Prints a line for each page that lost some, then the share of all.
"""
import difflib
import glob
import json
import os
import sys


def squeeze(text):
    return ''.join(text.split()).replace('\u00a0', '')


def kept(line, text):
    if line in text:
        return len(line)
    match = difflib.SequenceMatcher(None, line, text, autojunk=False)
    return sum(m.size for m in match.get_matching_blocks() if m.size > 1)


def main(folder):
    found = total = pages = 0
    for path in sorted(glob.glob(os.path.join(folder, '*.gold'))):
        with open(path, encoding='utf-8') as gold:
            lines = [squeeze(line) for line in gold]
        with open(path[:-5] + '.json', encoding='utf-8') as read:
            doc = json.loads(read.read() or '{"blocks":[]}')
        text = squeeze(''.join(b['text'] for b in doc['blocks']))
        one = sum(kept(line, text) for line in lines)
        all_of = sum(map(len, lines))
        if one < all_of:
            lost = next(x for x in lines if x not in text)
            print(f'{os.path.basename(path)[:-5]}: {one} of {all_of} kept, '
                  f'charset {doc.get("charset")} ({doc.get("charset_why")}): '
                  f'{lost[:40]}')
        found, total, pages = found + one, total + all_of, pages + 1
    print(f'{pages} pages: {found} of {total} characters kept, '
          f'{100 * found / total:.2f} %')


if __name__ == '__main__':
    main(sys.argv[1])
