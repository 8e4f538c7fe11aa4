"""Writes a mutated copy of sources: every place that can be mutated calls mutant.hpp with its number.

    schemata.py SOURCES OUT     SOURCES: controller/safety; OUT gets controller/safety/… and mutants.json

Works on tokens, not on a syntax tree, and leans on what clang-format guarantees: a `<` with spaces around it compares,
one without is a template's; a binary operator has spaces on both sides, a unary one has none.
"""

import json
import pathlib
import re
import sys

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<preprocessor>^\#[^\n]*)
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)')
      | (?P<number>\d[\d']*(?:\.[\d']+)?(?:[eE][-+]?\d+)?(?:[uUlLfF]+|(?=\b))|0[xX][\da-fA-F']+[uUlL]*)
      | (?P<word>[A-Za-z_]\w*)
      | (?P<symbol>->\*|<=>|->|<=|>=|==|!=|&&|\|\||\+=|-=|\*=|/=|\|=|&=|\+\+|--|::|<<|>>|[-+*/%<>=!&|?:;,.(){}\[\]~^])
      | (?P<space>\s+)""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
OPEN, CLOSE = {"(": ")", "[": "]", "{": "}"}, {")", "]", "}"}
RELATIONAL = {"<": ("Less", "<="), "<=": ("LessEqual", "<"), ">": ("Greater", ">="), ">=": ("GreaterEqual", ">")}
EQUALITY = {"==": ("Equal", "!="), "!=": ("NotEqual", "==")}
ARITHMETIC = {"+": ("Add", "-"), "-": ("Subtract", "+"), "*": ("Multiply", "/"), "/": ("Divide", "*"), "%": ("Remainder", "*")}
BOUNDS = {",", ";", "?", ":", "=", "+=", "-=", "*=", "/=", "|=", "&=", "return", "{", "(", "[", "else", "case", "do"}
CALLS = {"min": ("max", 1), "max": ("min", 1), "clamp": (None, 2), "floor": ("ceil", 1), "lround": ("floor", 1)}
M = "::plinth::mutant::"


class Token:
    def __init__(self, kind, text, start):
        self.kind, self.text, self.start, self.end = kind, text, start, start + len(text)
        self.match = None  # index of the other bracket
        self.skip = False


class Source:
    def __init__(self, name, text, number):
        self.name, self.text, self.number = name, text, number
        self.tokens = [
            Token(found.lastgroup, found.group(), found.start())
            for found in TOKEN.finditer(text)
            if found.lastgroup not in ("comment", "space", "preprocessor")
        ]
        self.mutants, self.wraps, self.replaced = [], [], {}
        self.pair_brackets()
        self.skip_what_is_compile_time()

    # --- reading ---

    def at(self, i):
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def spaced(self, i):
        """Whether there is space on both sides."""
        token = self.tokens[i]
        return self.text[token.start - 1].isspace() and self.text[token.end].isspace()

    def pair_brackets(self):
        stack, self.around = [], []  # around: the bracket that each token stands in
        for i, token in enumerate(self.tokens):
            closes = token.kind == "symbol" and token.text in CLOSE
            if closes:
                token.match = stack.pop()
                self.tokens[token.match].match = i
            self.around.append(stack[-1] if stack else None)
            if token.kind == "symbol" and token.text in OPEN:
                stack.append(i)

    def end_of_statement(self, i):
        while i < len(self.tokens) and self.at(i) != ";":
            i = self.tokens[i].match + 1 if self.at(i) in OPEN else i + 1
        return i

    def mark(self, begin, end):
        for token in self.tokens[begin:end]:
            token.skip = True

    def skip_what_is_compile_time(self):
        named = set()  # what template arguments and array bounds use must stay a constant expression
        for i, token in enumerate(self.tokens):
            if token.text == "<" and token.kind == "symbol" and not self.spaced(i) and self.tokens[i - 1].kind == "word":
                depth, j = 1, i + 1
                while depth > 0 and j < len(self.tokens):
                    depth += {"<": 1, ">": -1, ">>": -2}.get(self.at(j), 0)
                    j += 1
                self.mark(i, j)
                named |= {t.text for t in self.tokens[i:j] if t.kind == "word"}
        for i, token in enumerate(self.tokens):
            text = token.text
            if text in ("static_assert", "using", "template", "operator", "friend", "case", "enum", "namespace"):
                if text == "operator":
                    self.mark(i, i + 2)
                elif text == "case":
                    j = i
                    while self.at(j) != ":":
                        j += 1
                    self.mark(i, j)
                elif text == "enum":
                    j = i
                    while self.at(j) not in ("{", ";"):
                        j += 1
                    self.mark(i, (self.tokens[j].match or j) + 1)
                elif text in ("static_assert", "using"):
                    self.mark(i, self.end_of_statement(i) + 1)
                if text == "static_assert":
                    end = self.end_of_statement(i)
                    self.replaced[i] = "/* " + text
                    self.replaced[end] = "; */"
            if text == "constexpr":
                self.relax(i, named)
            if text == "=" and self.at(i + 1) in ("0", "default", "delete") and self.at(i - 1) in (")", "const", "override"):
                self.mark(i, i + 2)

    def relax(self, i, named):
        """A constant becomes one of run time; a function stays what it is."""
        if self.at(i - 1) == "if":
            return
        j = i + 1
        while self.at(j) not in ("=", "(", "{", ";"):
            j += 1
        name = self.at(j - 1)
        if self.at(j) == "(":  # a function
            self.replaced[i] = "inline"
            return
        if name in named:
            self.mark(i, self.end_of_statement(i) + 1)
            return
        in_class = self.at(i - 1) == "static"
        if in_class:
            self.replaced[i - 1] = "inline static"
        self.replaced[i] = "const"

    # --- mutating ---

    def add(self, i, what, count=None):
        """Numbers for the mutants `what` (a list of labels) of the token i; returns the first."""
        first = self.number
        token = self.tokens[i]
        begin = self.text.rfind("\n", 0, token.start) + 1
        line = self.text[begin : self.text.find("\n", token.start)].strip()
        for label in what:
            self.mutants.append(
                {"id": self.number, "file": self.name, "line": self.text.count("\n", 0, token.start) + 1, "text": line, "mutant": label}
            )
            self.number += 1
        return first

    def wrap(self, begin, end, before, after):
        """Around the tokens [begin, end)."""
        self.wraps.append((self.tokens[begin].start, self.tokens[end - 1].end, before, after))

    def left_of(self, i, weaker=frozenset()):
        """The token before i, or the whole bracketed group; i itself where an expression begins."""
        previous = self.tokens[i - 1]
        if previous.match is not None and previous.text in CLOSE:
            before = self.tokens[previous.match - 1]
            # A block that has ended is no part of an expression; a braced value is.
            value = before.kind == "word" or before.text in (">", ")", ",", "(")
            return previous.match if previous.text != "}" or value else i
        return i if previous.text in BOUNDS or previous.text in weaker else i - 1

    def expression_start(self, i, weaker=frozenset()):
        while i > 0 and self.left_of(i, weaker) != i:
            i = self.left_of(i, weaker)
        return i

    def mutate(self):
        # The most of each kind of place, then the conditions and statements around them.
        for i, token in enumerate(self.tokens):
            if token.skip or i in self.replaced:
                continue
            if token.kind == "number":
                self.constant(i)
            elif token.kind == "word":
                self.word(i)
            elif token.kind == "symbol":
                self.symbol(i)
        self.chains()
        self.statements()

    def constant(self, i):
        text = self.at(i)
        up, down = f"{text} larger", f"{text} smaller"
        zero = re.fullmatch(r"0(\.0)?[uU]?", text) is not None
        first = self.add(i, [up] if zero else [up, down])
        if zero:
            self.replaced[i] = f"({M}is({first}) ? {'0.1' if '.' in text else text.replace('0', '1')} : {text})"
        else:
            self.replaced[i] = f"{M}constant({first}, {text})"

    def word(self, i):
        text = self.at(i)
        if text in ("true", "false"):
            first = self.add(i, [f"{text} flipped"])
            self.replaced[i] = f"{M}flipped({first}, {text})"
        elif text in ("if", "while") and self.at(i + 1) == "(":
            self.condition(i + 2, self.tokens[i + 1].match, i, endless=text == "while")
        elif text in CALLS and self.at(i - 1) == "::" and self.at(i - 2) == "std" and self.at(i + 1) == "(":
            other, count = CALLS[text]
            labels = [f"{text} becomes {other}"] if count == 1 else ["clamp without its low end", "clamp without its high end"]
            first = self.add(i, labels)
            self.replaced[i - 2], self.replaced[i - 1] = "", ""
            self.replaced[i], self.replaced[i + 1] = f"{M}{text}", f"({first}, "

    def condition(self, begin, end, place, endless=False):
        words = self.tokens[begin:end]
        if not words:
            return
        # `if (const auto x = …)`, `if (const Past* x = …)`: a declaration, not a condition to wrap.
        declares = any(word.text in ("=", ";") for word in words)
        if declares:
            return
        if endless:
            first = self.add(place, ["never"])
            self.wrap(begin, end, f"({M}is({first}) ? false : static_cast<bool>(", "))")
            return
        first = self.add(place, ["always", "never"])
        self.wrap(begin, end, f"{M}condition({first}, static_cast<bool>(", "))")

    def symbol(self, i):
        text = self.at(i)
        if text in RELATIONAL and self.spaced(i):
            name, other = RELATIONAL[text]
            first = self.add(i, [f"{text} becomes {other}", f"{text} turned"])
            self.replaced[i] = f"{text} {M}{name}{{{first}}} {text}"
        elif text in EQUALITY:
            name, other = EQUALITY[text]
            self.replaced[i] = f"{text} {M}{name}{{{self.add(i, [f'{text} becomes {other}'])}}} {text}"
        elif text in ARITHMETIC and self.spaced(i):
            name, other = ARITHMETIC[text]
            self.replaced[i] = f"{text} {M}{name}{{{self.add(i, [f'{text} becomes {other}'])}}} {text}"
        elif text == "!":
            self.replaced[i] = f"{M}Not{{{self.add(i, ['! left out'])}}}->*"
        elif text == "-" and not self.text[self.tokens[i].end].isspace():
            self.replaced[i] = f"{M}Minus{{{self.add(i, ['- left out'])}}}->*"
        elif text == "?":
            begin = self.expression_start(i)
            first = self.add(i, ["always the first", "always the second"])
            self.wrap(begin, i, f"{M}condition({first}, static_cast<bool>(", "))")

    def chains(self):
        """a && b && c and a || b || c, the inner ones first."""
        for operator in ("&&", "||"):
            done = set()
            for i, token in enumerate(self.tokens):
                if token.text != operator or token.kind != "symbol" or token.skip or i in done:
                    continue
                weaker = {"||"} if operator == "&&" else set()
                begin = self.expression_start(i, weaker)
                operands, places, j, from_ = [], [], begin, begin
                while True:
                    text = self.at(j)
                    if text in OPEN:
                        j = self.tokens[j].match + 1
                        continue
                    if text == operator and not self.tokens[j].skip:
                        operands.append((from_, j))
                        places.append(j)
                        done.add(j)
                        from_ = j + 1
                    elif text in CLOSE or text in BOUNDS or text in weaker or j >= len(self.tokens):
                        operands.append((from_, j))
                        break
                    j += 1
                labels = [self.short(a, b) + " left out" for a, b in operands]
                labels += [f"{operator} becomes {'||' if operator == '&&' else '&&'}" for _ in places]
                first = self.add(places[0], labels)
                for place in places:
                    self.replaced[place] = ","
                for a, b in operands:
                    self.wrap(a, b, "[&]() -> bool { return static_cast<bool>(", "); }")
                self.wrap(begin, operands[-1][1], f"{M}chain<{'true' if operator == '&&' else 'false'}>({first}, ", ")")

    def short(self, begin, end):
        text = re.sub(r"\s+", " ", self.text[self.tokens[begin].start : self.tokens[end - 1].end])
        return text if len(text) <= 50 else text[:47] + "..."

    def statements(self):
        """A call or an assignment left out."""
        for i, token in enumerate(self.tokens):
            if token.kind == "word" and self.begins_statement(i):
                end = self.end_of_statement(i)
                if end >= len(self.tokens):
                    continue  # the last block of a file
                text = self.text[token.start : self.tokens[end].start]
                assigns = re.match(r"[\w:]+(?:(?:\.|->)\w+|\([^;]*?\)|\[[^;]*?\])*\s(?:=|\+=|-=|\|=|&=)\s", text)
                calls = re.match(r"[\w:]+(?:(?:\.|->)\w+|\([^;]*?\))*\((?s:.*)\)$", text)
                words = {"return", "break", "continue", "throw", "delete", "using", "static_assert", "if", "for", "while", "switch"}
                if token.skip or token.text in words or not (assigns or calls) or "[&]" in text[:40] and not assigns:
                    continue
            elif token.text in ("++", "--") and self.begins_statement(i):
                end = self.end_of_statement(i)
            else:
                continue
            first = self.add(i, ["left out: " + self.short(i, end)])
            self.wrap(i, end + 1, f"{{ if (!{M}is({first})) ", " }")

    def begins_statement(self, i):
        around = self.around[i]
        if around is None or not self.is_code(around):
            return False
        previous = self.at(i - 1)
        if previous == ")":
            return self.at(self.tokens[i - 1].match - 1) in ("if", "for", "while")
        if previous == ":":
            return self.is_label(i - 1)
        return previous in ("{", ";", "}", "else")

    def is_label(self, i):
        """Whether this colon ends a `case` or a `default`, and not a choice's first value."""
        while i > 0 and self.at(i) not in (";", "{", "}", "?"):
            i -= 1
            if self.at(i) in ("case", "default"):
                return True
        return False

    def is_code(self, i):
        """Whether the bracket i opens a block of statements, not a value, a type or a namespace."""
        if self.at(i) != "{":
            return False
        before = self.at(i - 1)
        if before in (")", "else", "do"):
            return True
        if before in ("const", "noexcept", "override"):
            return self.at(i - 2) == ")"
        if before == "bool":
            return self.at(i - 2) == "->"
        if before in ("{", ";", ":"):
            around = self.around[i]
            return around is not None and self.is_code(around)
        if before == "}":  # after a statement's block, or a constructor's last member
            opened = self.tokens[i - 1].match
            member = self.tokens[opened - 1].kind == "word" and self.at(opened - 2) in (":", ",")
            around = self.around[i]
            return member or (around is not None and self.is_code(around))
        return False

    def written(self):
        pieces = []  # (position, order, text)
        for order, (begin, end, before, after) in enumerate(self.wraps):
            pieces.append((begin, 1, -end, order, before))
            pieces.append((end, 0, -begin, -order, after))
        for i, text in self.replaced.items():
            pieces.append((self.tokens[i].start, 2, 0, 0, (self.tokens[i], text)))
        out, at = [], 0
        for position, kind, _, _, what in sorted(pieces, key=lambda piece: piece[:4]):
            out.append(self.text[at:position])
            at = max(at, position)
            if kind == 2:
                out.append(what[1])
                at = what[0].end
            else:
                out.append(what)
        out.append(self.text[at:])
        text = "".join(out)
        include = '#include "tests/mutation/mutant.hpp"\n'
        if "#pragma once\n" in text:
            return text.replace("#pragma once\n", "#pragma once\n" + include, 1)
        return include + text


# A rule that is removed is never found to hold. Two causes do not come from a criterion: Boot is how the latch begins,
# and the lack of a prescription also shows without a stop. File, context that must be there exactly once, what of it is
# wrapped, and in what; CAUSE: the number of `rule.cause`'s removal, CAUSE_Name: of that one's.
FIRST_RULE = 1
REMOVALS = [
    ("supervisor.cpp", "active.set(i, dwells_.at(i).held(criteria.test(i), now, rule.dwell));",
     "dwells_.at(i).held(criteria.test(i), now, rule.dwell)", f"(!{M}is(CAUSE) && ", ")"),
    ("supervisor.cpp", "verdict.permission == Permission::Ready && !scene.limits",
     "!scene.limits", "(", f" && !{M}is(CAUSE_NoPrescription))"),
    ("latch.hpp", "Permission permission_ = Permission::Latched;",
     "Permission::Latched", f"({M}is(CAUSE_Boot) ? Permission::Ready : ", ")"),
    ("latch.hpp", "Action action_ = Action::DriveStop;",
     "Action::DriveStop", f"({M}is(CAUSE_Boot) ? Action::Allow : ", ")"),
]


def remove_rules(source, names):
    def number(text):
        text = re.sub(r"CAUSE_(\w+)", lambda m: str(FIRST_RULE + names.index(m.group(1))), text)
        return text.replace("CAUSE", f"{FIRST_RULE - 1} + static_cast<int>(rule.cause)")

    for file, context, span, before, after in REMOVALS:
        if file != source.name:
            continue
        if source.text.count(context) != 1:
            sys.exit(f"mutation: {file} no longer has exactly one `{context}`: tell tests/mutation/schemata.py how a rule is removed now")
        begin = source.text.index(context) + context.rindex(span)
        source.wraps.append((begin, begin + len(span), number(before), number(after)))


def causes(rules):
    body = re.search(r"enum class Cause[^{]*\{(.*?)\};", rules, re.DOTALL).group(1)
    names = re.findall(r"^\s*(\w+)", re.sub(r"//[^\n]*", "", body).replace(",", "\n"), re.MULTILINE)
    return [name for name in names if name not in ("None", "Count_")]


def main():
    sources, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder = out / "controller" / "safety"
    folder.mkdir(parents=True, exist_ok=True)
    names = causes((sources / "rules.hpp").read_text())
    mutants = [{"id": FIRST_RULE + i, "file": "rules.cpp", "line": 0, "text": name, "mutant": "rule removed"} for i, name in enumerate(names)]
    number = FIRST_RULE + len(names)
    for path in sorted(sources.iterdir()):
        if path.suffix not in (".cpp", ".hpp"):
            continue
        source = Source(path.name, path.read_text(), number)
        source.mutate()
        remove_rules(source, names)
        text = source.written()
        number = source.number
        mutants += source.mutants
        target = folder / path.name
        if not target.exists() or target.read_text() != text:
            target.write_text(text)
    # The same mutant several times on one line: told apart by count.
    seen = {}
    for mutant in mutants:
        key = (mutant["file"], mutant["text"], mutant["mutant"])
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            mutant["mutant"] += f" #{seen[key]}"
    (out / "mutants.json").write_text(json.dumps(mutants, indent=0))
    print(f"mutation: {len(mutants)} places for a mistake")


main()
