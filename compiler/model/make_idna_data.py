#!/usr/bin/env python3
"""Writes idna_data.def: what IDNA 2008 needs to know of Unicode, derived as RFC 5892 says.

usage: make_idna_data.py > idna_data.def

The result is checked in, because a build must not need Python; tests/oracle/idna.sh fails when it
is stale. Only the Python interpreter's own Unicode data is used, so another interpreter may give
another Unicode version; the first line of the output names it.
"""
import sys
import unicodedata as u

LIMIT = 0x110000

# Joining types (ArabicShaping.txt of Unicode 14.0), which Python does not know.
JOIN_LEFT = "A872 10ACD 10AD7 10D00 10FCB"
JOIN_DUAL = """
0620 0626 0628 062A-062E 0633-063F 0641-0647 0649-064A 066E-066F 0678-0687 069A-06BF 06C1-06C2 06CC
06CE 06D0-06D1 06FA-06FC 06FF 0712-0714 071A-071D 071F-0727 0729 072B 072D-072E 074E-0758 075C-076A
076D-0770 0772 0775-0777 077A-077F 07CA-07EA 0841-0845 0848 084A-0853 0855 0860 0862-0865 0868 0886
0889-088D 08A0-08A9 08AF-08B0 08B3-08B8 08BA-08C8 1807 1820-1878 1887-18A8 18AA A840-A871
10AC0-10AC4 10AD3-10AD6 10AD8-10ADC 10ADE-10AE0 10AEB-10AEE 10B80 10B82 10B86-10B88 10B8A-10B8B
10B8D 10B90 10BAD-10BAE 10D01-10D21 10D23 10F30-10F32 10F34-10F44 10F51-10F53 10F70-10F73
10F76-10F81 10FB0 10FB2-10FB3 10FB8 10FBB-10FBC 10FBE-10FBF 10FC1 10FC4 10FCA 1E900-1E943"""
JOIN_RIGHT = """
0622-0625 0627 0629 062F-0632 0648 0671-0673 0675-0677 0688-0699 06C0 06C3-06CB 06CD 06CF 06D2-06D3
06D5 06EE-06EF 0710 0715-0719 071E 0728 072A 072C 072F 074D 0759-075B 076B-076C 0771 0773-0774
0778-0779 0840 0846-0847 0849 0854 0856-0858 0867 0869-086A 0870-0882 088E 08AA-08AC 08AE 08B1-08B2
08B9 10AC5 10AC7 10AC9-10ACA 10ACE-10AD2 10ADD 10AE1 10AE4 10AEF 10B81 10B83-10B85 10B89 10B8C
10B8E-10B8F 10B91 10BA9-10BAC 10D22 10F33 10F54 10F74-10F75 10FB4-10FB6 10FB9-10FBA 10FBD
10FC2-10FC3 10FC9"""

# RFC 5892, 2.6; the CONTEXTJ and CONTEXTO ones are rules in the C file.
PVALID_EXCEPTIONS = {0x00DF, 0x03C2, 0x06FD, 0x06FE, 0x0F0B, 0x3007}
CONTEXT = {0x200C, 0x200D, 0x00B7, 0x0375, 0x05F3, 0x05F4, 0x30FB,
           *range(0x660, 0x66A), *range(0x6F0, 0x6FA)}
DISALLOWED_EXCEPTIONS = {0x0640, 0x07FA, 0x302E, 0x302F, *range(0x3031, 0x3036), 0x303B}

# Default_Ignorable_Code_Point among letters and marks.
IGNORABLE = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0,
             *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}


def unstable(c):
    s = chr(c)
    return u.normalize("NFKC", u.normalize("NFKC", s).casefold()) != s


def pvalid(c):
    if c in PVALID_EXCEPTIONS:
        return True
    if c in CONTEXT or c in DISALLOWED_EXCEPTIONS or 0xD800 <= c < 0xE000:
        return False
    # Marks on symbols and notes: UTS 46 of Unicode 16 and later refuses them, and so do we.
    if 0x20D0 <= c < 0x2100 or 0x1D100 <= c < 0x1D250:
        return False
    if u.category(chr(c)) in ("Cn", "Co") or unstable(c) or c in IGNORABLE:
        return False
    if 0x1100 <= c < 0x1200 or 0xA960 <= c < 0xA980 or 0xD7B0 <= c < 0xD800:  # old Hangul jamo
        return False
    return c == 0x2D or u.category(chr(c)) in ("Ll", "Lu", "Lo", "Nd", "Lm", "Mn", "Mc")


def decomposition(c):
    d = u.decomposition(chr(c))
    return None if not d or d.startswith("<") else [int(x, 16) for x in d.split()]


def mapped(c):
    """Case and width folded as UTS 46 does without its transitional part; None when as it is."""
    if c < 0x80 or 0xD800 <= c < 0xE000:
        return None
    s = chr(c)
    if c == 0x1E9E:
        return [0xDF]
    if valid[c] or c in CONTEXT:
        return None
    d = u.decomposition(s)
    if d.startswith("<wide>") or d.startswith("<narrow>"):
        s = u.normalize("NFKC", s).casefold()
    else:
        s = s.casefold()
    if s == chr(c):
        return None
    s = u.normalize("NFC", s)
    ok = all(ord(x) < 0x80 and (x.isalnum() or x == "-") or ord(x) >= 0x80 and
             (valid[ord(x)] or ord(x) in CONTEXT) for x in s)
    return [ord(x) for x in s] if ok and len(s) <= 3 else None


def ranges(value):
    """(from, to, value) of neighbours with one value that is not None."""
    start, last = 0, None
    for c in range(LIMIT + 1):
        v = value(c) if c < LIMIT else None
        if v != last:
            if last is not None:
                yield start, c - 1, last
            start, last = c, v


def emit(macro, rows):
    print()
    line = ""
    for row in rows:
        text = macro + "(" + ", ".join(x if isinstance(x, str) else f"0x{x:x}" for x in row) + ")"
        if len(line) + len(text) + 1 > 100:
            print(line)
            line = ""
        line += (" " if line else "") + text
    if line:
        print(line)


def listed(text):
    result = set()
    for part in text.split():
        a, _, b = part.partition("-")
        result.update(range(int(a, 16), int(b or a, 16) + 1))
    return result


def script(c):
    if not (valid[c] or mapping[c] or c in CONTEXT):
        return None
    name = u.name(chr(c), "")
    if name.startswith("GREEK "):
        return "GREEK"
    if name.startswith("HEBREW "):
        return "HEBREW"
    if name.startswith(("HIRAGANA LETTER", "HIRAGANA ITERATION", "HIRAGANA VOICED",
                        "HIRAGANA DIGRAPH", "HENTAIGANA", "KATAKANA LETTER", "KATAKANA ITERATION",
                        "KATAKANA VOICED", "KATAKANA DIGRAPH", "CJK UNIFIED")) \
            or c in (0x3005, 0x3007):
        return "KANA_HAN"
    return None


def bidi(c):
    if not (valid[c] or c in CONTEXT):
        return None
    b = u.bidirectional(chr(c))
    return None if b in ("L", "") else b


def mapping_rows():
    """Runs of single code points that move by one distance, at steps of 1 or 2."""
    rows, single = [], [(c, m[0]) for c, m in enumerate(mapping) if m and len(m) == 1]
    i = 0
    while i < len(single):
        best = 1
        for step in (1, 2):
            n = 1
            while i + n < len(single) and single[i + n][0] == single[i][0] + step * n and \
                    single[i + n][1] - single[i + n][0] == single[i][1] - single[i][0]:
                n += 1
            if n > best:
                best, used = n, step
        a, m = single[i]
        rows.append((a, single[i + best - 1][0], str(used if best > 1 else 1), str(m - a)))
        i += best
    return rows


valid = [pvalid(c) for c in range(LIMIT)]
mapping = [mapped(c) for c in range(LIMIT)]
left, dual, right = listed(JOIN_LEFT), listed(JOIN_DUAL), listed(JOIN_RIGHT)

print(f"/* Unicode {u.unidata_version}: generated by make_idna_data.py, do not edit. */")
print("/* clang-format off */")
emit("VALID", ((a, b) for a, b, _ in ranges(lambda c: c >= 0x80 and valid[c] or None)))
emit("MARK", ((a, b) for a, b, _ in ranges(
    lambda c: (valid[c] and u.category(chr(c))[0] == "M") or None)))
emit("TRANSPARENT", ((a, b) for a, b, _ in ranges(
    lambda c: (valid[c] and u.category(chr(c)) in ("Mn", "Me") or c == 0x1E94B) or None)))
emit("JOIN", ((a, b, v) for a, b, v in ranges(
    lambda c: "LEFT" if c in left else "DUAL" if c in dual else "RIGHT" if c in right else None)))
emit("SCRIPT", ((a, b, v) for a, b, v in ranges(script)))
emit("BIDI", ((a, b, v) for a, b, v in ranges(bidi)))
emit("CLASS", ((a, b, str(v)) for a, b, v in ranges(lambda c: u.combining(chr(c)) or None)))
emit("MOVE", mapping_rows())
emit("SPELL", ((c, *(m + [0, 0])[:3]) for c, m in enumerate(mapping) if m and len(m) > 1))
emit("SPLIT", ((c, *(d + [0])[:2]) for c in range(LIMIT) if (d := decomposition(c))))
emit("JOINED", sorted((d[0], d[1], c) for c in range(LIMIT) if (d := decomposition(c)) and
                      len(d) == 2 and u.normalize("NFC", chr(c)) == chr(c)))
