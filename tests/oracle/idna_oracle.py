"""The other side of idna.sh: makes host names, and compares our answers with the package `idna`."""
import random
import sys
import unicodedata

import idna
from idna import uts46data

PICKED = """bücher.example BÜCHER.example faß.de FASS.de ΣΊΣΥΦΟΣ.gr σίσυφος.gr İstanbul.com ıstanbul.com
日本語.jp にほん・ご.jp ・.jp a・b.jp l·l.cat l·a.cat ·.cat ͵α.gr ͵a.gr א׳.il ׳א.il א״ב.il شبكة.com ١٢۳.com س١۳.com
س۱.com س١.com aא.com אa.com א1.com 1א.com א-.com א-ב.com نامه‌ای.com نا‌مه.com क्‍ष.com क‍ष.com क्‌ष.com a‌b.com a‍b.com
xn--bcher-kva.example XN--BCHER-KVA.example xn--bücher.com xn--a.com xn--.com xn--abc-.com xn--bcher-kv.example
xn--fa-hia.de xn--fass-.de xn--80ak6aa92e.com xn--ls8h.la xn--11b4c3d.com xn--0ca24w.com xn--a-ecp.ru xn--1ug.com
xn--zca.com xn--99999999.com xn--é.com xn--BCHER-kva8445foa.com ＡＢＣ.com ａ．ｂ。ｃ｡com ﾊﾞﾋﾞ.jp ｶﾞｷﾞ.jp ﬁsh.com ﬀ.com ŉ.com ǆ.com Ǆ.com
ſ.com K.com Å.com Ω.gr à.com À.com ẞ.de ᾳ.gr ᾼ.gr ᏸ.com Ꭰ.com ꭰ.com 각.kr 각.kr ᄀ.kr ☃.net i❤.ws a­b.com a​b.com
̀a.com ా.com à̱.com à̱.com q̣̇.com ḍ̇.com -a.com a-.com ü-.com -ü.com aü--b.com a1--ü.com xn--a-ü.com a_b.com ü_b.com a..b.com .a.com a.com. ü.com.
𐐀.com 𐐨.com 𝒜.com ①.com ℻.com 豈.com 丽.com ⅳ.com ª.com µ.com ﷺ.com ก็.com ำ.com 〇.jp 々.jp 〱.jp ー.jp ﾞ.jp ゛.jp""".split()


def generate(seed, count):
    rng = random.Random(seed)
    for name in PICKED:
        yield name
    assigned = [c for c in range(0x80, 0x110000)
                if unicodedata.category(chr(c)) not in ("Cn", "Co", "Cs")]
    for c in assigned:
        yield chr(c) + ".com"
    near = [list(range(a, b)) for a, b in (
        (0x61, 0x7b), (0x30, 0x3a), (0xc0, 0x180), (0x370, 0x400), (0x5d0, 0x5f5), (0x620, 0x64b),
        (0x660, 0x66a), (0x6f0, 0x6fa), (0x710, 0x730), (0x900, 0x950), (0x300, 0x346), (0x3040, 0x3100),
        (0x4e00, 0x4e40), (0xac00, 0xac80), (0x1100, 0x1113), (0x1161, 0x1176), (0x11a8, 0x11c3),
        (0x1e00, 0x1f00), (0xff21, 0xff5b), (0xff66, 0xffa0), (0x10400, 0x10450), (0x1820, 0x1840))]
    special = [0xb7, 0x375, 0x5f3, 0x5f4, 0x30fb, 0x200c, 0x200d, 0x94d, 0x2d, 0x2d, 0x130, 0x1e9e, 0x3099, 0x307]
    for i in range(count):
        pools = [rng.choice(near)] * 3 + [rng.choice(near), special]
        label = "".join(chr(rng.choice(rng.choice(pools))) for _ in range(rng.randint(1, 9)))
        if i % 5 == 0:
            label = "xn--" + "".join(rng.choice("abcdefghijklmnopqrstuvwxyz0123456789-") for _ in range(rng.randint(1, 10)))
        elif i % 5 == 1:
            try:
                label = "xn--" + label.lower().encode("punycode").decode()
            except UnicodeError:
                pass
        yield rng.choice(["", "", "a.", "ü."]) + label + ".com"


def theirs(host):
    try:
        return idna.encode(host, uts46=True, transitional=False, std3_rules=True).decode().rstrip(".")
    except (UnicodeError, IndexError):
        return None


def ascii_label_with_hyphens(host):
    return any(l.isascii() and l[2:4] == "--" and l[:4] != "xn--" for l in host.lower().split("."))


def compatibility(host):
    """Holds a character that UTS 46 maps or drops by more than case, width and composition."""
    for ch in host:
        c = ord(ch)
        row = uts46data.uts46data[c] if c < 256 else None
        if row is None:
            import bisect
            row = uts46data.uts46data[bisect.bisect_left(uts46data.uts46data, (c, "Z")) - 1]
        if row[1] == "I":
            return True
        d = unicodedata.decomposition(ch)
        if row[1] == "M" and d.startswith("<") and not d.startswith(("<wide>", "<narrow>")):
            return True
        if row[1] == "M" and any(unicodedata.decomposition(x).startswith("<")
                                 for x in unicodedata.normalize("NFD", ch)):
            return True
    return False


def intended(host, ours, other):
    """Why a difference is meant; None when it is not."""
    if ours is not None and other is None and ascii_label_with_hyphens(host):
        return "plain labels such as r3---sn exist, and DNS and Traefik take them"
    if ours is None and other is not None and compatibility(host):
        return "nobody types compatibility characters into a host; refusing them is safe"
    if ours is None and other is not None and "xn---" in other and "xn---" in host:
        return "the package does not encode an xn-- label again; these do not come back the same"
    last = other.split(".")[-1] if other else ""
    if ours is None and last.isdigit():
        return "a number as last label makes it an address"
    return None


def main():
    if sys.argv[1] == "generate":
        for host in generate(int(sys.argv[2]), int(sys.argv[3])):
            print(host.encode("utf-8", "surrogatepass").hex())
        return 0
    cases = [bytes.fromhex(line.strip()) for line in open(sys.argv[2])]
    answers = open(sys.argv[3]).read().split("\n")
    wrong, meant, accepted = 0, {}, 0
    for raw, answer in zip(cases, answers):
        host = raw.decode()
        ours, other = None if answer.startswith("!") else answer, theirs(host)
        accepted += ours is not None
        if ours == other:
            continue
        reason = intended(host, ours, other)
        if reason:
            meant[reason] = meant.get(reason, 0) + 1
            continue
        wrong += 1
        if wrong <= 40:
            print(f"  {ascii(host)}: ours {answer}, theirs {other}")
    for reason, n in meant.items():
        print(f"  {n} intended: {reason}")
    print(f"oracle/idna: {len(cases)} names ({accepted} accepted), {wrong} disagreements")
    return wrong > 0


sys.exit(main())
