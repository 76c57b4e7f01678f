"""Random YAML documents: our tree, node by node and byte by byte, against PyYAML's events.

Usage: yaml_tree.py DUMP COUNT SEED FOLDER. A document that either side refuses is not compared; most
are made to be accepted, some are mutated, because odd layouts are where offsets go wrong.
"""
import os
import random
import subprocess
import sys

import yaml

WORDS = ["web", "true", "no", "0755", "1e3", "2222:22", "12:30:45", "2024-01-02", "~", "null", "é",
         "日本", "😀 x", "a b  c", "x-y", "it's", 'say "hi"', "#no", "a#b", "http://h:80/p", "$$X", "",
         "%foo", "-1", "- x", "? y", "[z", "{w", "&v", "*u", "a: b", "a:", ":a", "<<", "`r`", "@at"]


class Writer:
    def __init__(self, rng):
        self.rng = rng
        self.anchors = []

    def plain_ok(self, text):
        try:
            node = yaml.compose("- " + text + "\n", Loader=yaml.SafeLoader)
            return (len(node.value) == 1 and isinstance(node.value[0], yaml.ScalarNode)
                    and node.value[0].value == text and not set(text) & set(",[]{}")
                    and yaml.compose("? " + text + "\n: x\n", Loader=yaml.SafeLoader) is not None)
        except yaml.YAMLError:
            return False

    def scalar(self):
        text = " ".join(self.rng.choice(WORDS) for _ in range(self.rng.choice([1, 1, 1, 2, 3])))
        kind = self.rng.randrange(4)
        if kind == 0 and text and self.plain_ok(text):
            return text
        if kind == 1:
            return "'" + text.replace("'", "''") + "'"
        out = ""
        for c in text:
            if c in '"\\':
                out += "\\" + c
            elif self.rng.random() < 0.1:
                out += "\\U%08x" % ord(c)
            elif self.rng.random() < 0.05:
                out += "\\n\\t\\x41\\_" + c
            else:
                out += c
        return '"' + out + '"'

    def key(self, used):
        while True:
            text = "k%d" % self.rng.randrange(1000)
            if text not in used:
                used.add(text)
                return self.rng.choice([text, "'%s'" % text, '"%s"' % text, "é" + text])

    def flow(self, depth):
        kind = self.rng.randrange(4) if depth < 4 else 0
        gap = self.rng.choice(["", " ", "  "])
        if kind == 1:
            items = [self.flow(depth + 1) for _ in range(self.rng.randrange(4))]
            return "[" + gap + ("," + gap + " ").join(items) + gap + "]"
        if kind == 2:
            used = set()
            items = [self.key(used) + ": " + self.flow(depth + 1) for _ in range(self.rng.randrange(4))]
            return "{" + gap + ("," + gap).join(items) + gap + "}"
        if kind == 3 and self.anchors:
            return "*" + self.rng.choice(self.anchors) + " "
        return self.scalar()

    def block_scalar(self, indent):
        lines = []
        for _ in range(self.rng.randrange(1, 5)):
            line = " ".join(self.rng.choice(WORDS) for _ in range(2)).strip()
            lines.append(self.rng.choice(["", "", "  "]) + line if line else "")
        chomp = self.rng.choice(["", "-", "+"])
        head = self.rng.choice("|>") + chomp + self.rng.choice(["", " # note"])
        if lines[0].startswith(" ") or not lines[0]:
            lines[0] = "first"
        return head + "\n" + "".join((" " * indent + l if l else "") + "\n" for l in lines)

    def folded_scalar(self, indent):
        quote = self.rng.choice(["'", '"'])
        lines = ["é one", "two" + self.rng.choice(["", "  "]), self.rng.choice(["", "three"]), "end"]
        if quote == '"':
            lines[1] += self.rng.choice(["", " \\", "\\n"])
        return quote + ("\n" + " " * indent).join(lines) + quote + "\n"

    def props(self):
        out = ""
        if self.rng.random() < 0.15:
            name = "a%d" % len(self.anchors)
            self.anchors.append(name)
            out = "&" + name + " "
        if self.rng.random() < 0.05:
            out += "!!str " if self.rng.random() < 0.5 else "!local "
        return out

    def comment(self, indent):
        if self.rng.random() < 0.15:
            return " " * indent + "# 💬 a remark: [not] {yaml}\n"
        return "\n" if self.rng.random() < 0.1 else ""

    def value(self, indent, depth):
        """What follows a key or dash, up to and with the line end."""
        kind = self.rng.randrange(8) if depth < 5 else self.rng.randrange(4)
        before = len(self.anchors)
        props = self.props()
        own = self.anchors[before:]
        del self.anchors[before:]
        tail = self.rng.choice(["\n", "\n", "\n", "  # tail\n"])
        if kind == 0:
            out = " " + props + self.flow(depth) + tail
        elif kind == 1:
            out = " " + props + self.block_scalar(indent + 2)
        elif kind == 2:
            out = " " + props + self.folded_scalar(indent + 1)
        elif kind == 3:
            out = (" " + props).rstrip() + tail
        elif kind == 4 and self.anchors:
            out, own = " *" + self.rng.choice(self.anchors) + tail, []
        elif kind in (5, 4):
            out = (" " + props).rstrip() + "\n" + self.sequence(indent + self.rng.choice([1, 2, 4]), depth + 1)
        else:
            out = (" " + props).rstrip() + "\n" + self.mapping(indent + self.rng.choice([1, 2, 4]), depth + 1)
        self.anchors += own
        return out

    def sequence(self, indent, depth):
        out = ""
        for _ in range(self.rng.randrange(1, 4)):
            out += self.comment(indent)
            if self.rng.random() < 0.2 and depth < 5:
                inner = self.mapping(indent + 2, depth + 1, bare=True)
                out += " " * indent + "- " + inner.lstrip(" ")
            else:
                out += " " * indent + "-" + self.value(indent, depth)
        return out

    def mapping(self, indent, depth, bare=False):
        out, used = "", set()
        for i in range(self.rng.randrange(1, 5)):
            if i or not bare:
                out += self.comment(indent)
            out += " " * indent + self.key(used) + ":" + self.value(indent, depth)
        return out

    def document(self):
        out = self.rng.choice(["", "", "\ufeff", "---\n", "%YAML 1.1\n---\n", "# head\n"])
        out += self.mapping(0, 0) if self.rng.random() < 0.8 else self.sequence(0, 0)
        if self.rng.random() < 0.1:
            out = out.rstrip("\n")
        if self.rng.random() < 0.2:
            out = out.replace("\n", "\r\n")
        return out


def mutate(rng, text):
    at = rng.randrange(len(text) + 1)
    kind = rng.randrange(3)
    if kind == 0:
        return text[:at] + text[at + rng.randrange(1, 4):]
    if kind == 1:
        return text[:at] + rng.choice([" ", "\n", ": ", "- ", "#", "'", '"', ",", "]", "é", "\t"]) + text[at:]
    to = rng.randrange(at, min(len(text), at + 40) + 1)
    return text[:at] + text[at:to] * 2 + text[to:]


def expected(data):
    """The lines that the dump prints, from PyYAML's events; None when PyYAML refuses."""
    text = data.decode("utf-8")
    bom = 3 if text.startswith("\ufeff") else 0
    text = text.lstrip("\ufeff") if bom else text
    offsets = [bom]
    for c in text:
        offsets.append(offsets[-1] + len(c.encode("utf-8")))
    lines, stack = [], []

    def ended(end):
        if stack:
            stack[-1][1] = end

    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            start, end = offsets[event.start_mark.index], offsets[event.end_mark.index]
            if isinstance(event, yaml.ScalarEvent):
                style = {None: "plain", "": "plain", "'": "single", '"': "double", "|": "literal", ">": "folded"}
                lines.append("scalar %s %d %d %s" % (style[event.style], start, end, event.value.encode("utf-8").hex()))
                ended(end)
            elif isinstance(event, yaml.AliasEvent):
                lines.append("alias plain %d %d %s" % (start, end, event.anchor.encode().hex()))
                ended(end)
            elif isinstance(event, yaml.CollectionStartEvent):
                kind = "sequence" if isinstance(event, yaml.SequenceStartEvent) else "mapping"
                stack.append([len(lines), end, event.flow_style, start, kind])
                lines.append(None)
            elif isinstance(event, yaml.CollectionEndEvent):
                at, last, flow, begin, kind = stack.pop()
                bracketed = flow and end > 0 and data[end - 1:end] in (b"]", b"}") and \
                    offsets[event.end_mark.index] != offsets[event.start_mark.index]
                stop = end if bracketed else last
                lines[at] = "%s %s %d %d" % (kind, "flow" if flow else "block", begin, stop)
                ended(stop)
    except (yaml.YAMLError, ValueError, IndexError):
        return None
    return lines


def main():
    dump, count, seed, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    rng = random.Random(seed)
    names, texts = [], {}
    for i in range(count):
        text = Writer(rng).document()
        for _ in range(rng.choice([0, 0, 1, 2])):
            text = mutate(rng, text)
        name = os.path.join(folder, "%d.yml" % i)
        texts[name] = text.encode("utf-8")
        with open(name, "wb") as file:
            file.write(texts[name])
        names.append(name)
    compared = differ = 0
    got = {}
    for at in range(0, count, 200):
        run = subprocess.run([dump] + names[at:at + 200], stdout=subprocess.PIPE, check=True)
        for line in run.stdout.decode("utf-8").splitlines():
            if line.startswith("file "):
                lines = got[line[5:]] = []
            else:
                lines.append(line)
    for name in names:
        ours = [l.rstrip() for l in got[name] if not l.startswith("E07")]
        refused = [l for l in got[name] if l.startswith("E0") and not l.startswith(("E0702", "E0710"))]
        theirs = expected(texts[name])
        if theirs is None or refused and not ours:
            if refused and theirs and "0705" not in refused[0] and "0703" not in refused[0]:
                print("%s: only we refuse: %s" % (name, refused[0]), file=sys.stderr)
            continue
        compared += 1
        theirs = [l.rstrip() for l in theirs]
        if ours != theirs and not (not theirs and len(ours) == 1):
            differ += 1
            print("%s differs" % name, file=sys.stderr)
            for a, b in zip(ours + [""] * 9, theirs + [""] * 9):
                if a != b:
                    print("  ours   %s\n  PyYAML %s" % (a, b), file=sys.stderr)
                    break
    print("%d documents compared, %d differ" % (compared, differ))
    return 1 if differ or compared < count // 2 else 0


sys.exit(main())
