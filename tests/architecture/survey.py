#!/usr/bin/python3
"""Reads the link lines and the includes of the tree and names every place that breaks a rule of rules.py.

survey.py [ROOT]: prints `file:line: [rule] what, and why` for each; exit status 1 when there is any.
"""
import dataclasses
import pathlib
import re
import subprocess
import sys

import rules

Include = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
LinkCommand = re.compile(r"^[ ]*(plinth_library|plinth_program|plinth_test|plinth_bench|target_link_libraries)\s*\(([^)]*)\)",
                         re.MULTILINE)
OtherLinking = re.compile(r"^\s*(link_libraries|link_directories)\s*\(")
MarkdownLink = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
NamedPage = re.compile(r"\b[\w-]+\.md\b")


@dataclasses.dataclass(frozen=True)
class Finding:
    """One place that breaks one rule."""
    file: str
    line: int
    rule: str
    words: str

    def __str__(self):
        return f"{self.file}:{self.line}: [{self.rule}] {self.words}"


class Tree:
    """The files of a checkout (or of a folder that is none), with their text read once."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.files = sorted(self._tracked() or self._all())
        self._texts = {}

    def _tracked(self):
        listed = subprocess.run(["git", "-C", str(self.root), "ls-files", "--cached", "--others", "--exclude-standard"],
                                capture_output=True, text=True, check=False)
        if listed.returncode != 0:
            return []
        return [name for name in set(listed.stdout.splitlines()) if (self.root / name).is_file()]

    def _all(self):
        skipped = {"build", "node_modules", ".git", "__pycache__"}
        return [str(path.relative_to(self.root)) for path in self.root.rglob("*")
                if path.is_file() and not skipped & set(path.relative_to(self.root).parts)]

    def text(self, name):
        if name not in self._texts:
            self._texts[name] = (self.root / name).read_text(encoding="utf-8", errors="replace")
        return self._texts[name]

    def lines(self, name):
        return enumerate(self.text(name).splitlines(), start=1)

    def code(self, name):
        """The lines of a C++ file without their comments and string literals."""
        text = re.sub(r"/\*.*?\*/", lambda found: "\n" * found.group().count("\n"), self.text(name), flags=re.DOTALL)
        for number, line in enumerate(text.splitlines(), start=1):
            yield number, re.sub(r'"(?:[^"\\]|\\.)*"', '""', line).split("//")[0]


def room_of(name):
    """The room that a file belongs to, or nothing."""
    for prefix, room in rules.Lodgers:
        if name.startswith(prefix):
            return room
    folders = [room for room in rules.Rooms if name.startswith(room + "/")]
    return max(folders, key=len, default=None)


def allowed(room, target):
    """Whether the room may see the file (or room) `target`: its own, or what a door of its opens on."""
    if room == target or room == room_of(target):
        return True
    return any(target == door or target.startswith(door + "/") for door in rules.Rooms[room][0])


def is_cpp(name):
    return name.endswith((".cpp", ".hpp", ".h"))


def matches(table, name):
    return [(rooms, why) for pattern, rooms, why in table if re.fullmatch(pattern, name)]


def includes(tree):
    """Rules "layer" and "library"."""
    for name in filter(is_cpp, tree.files):
        room = room_of(name)
        if room is None:
            continue
        for number, line in tree.lines(name):
            found = Include.match(line)
            if not found:
                continue
            header = found.group(1)
            if room_of(header) and not header.endswith(".pb.h") and not allowed(room, header):
                yield Finding(name, number, "layer", f"{room} may not include {header}: {rules.Rooms[room][1]}")
            if room != "tests" and "/" not in header and (tree.root / name).parent.joinpath(header).exists():
                yield Finding(name, number, "layer", f"include {header} by its path from the root")
            for rooms, why in matches(rules.Libraries, header):
                if room not in rooms:
                    yield Finding(name, number, "library", f"{room} may not include {header}: {why}")


def link_commands(tree):
    """Every linking command of a room: file, line, the room, the command's own target, the other words."""
    for name in tree.files:
        if not name.endswith("CMakeLists.txt") or room_of(name) is None:
            continue
        text = re.sub(r"#[^\n]*", "", tree.text(name))
        folder = pathlib.PurePosixPath(name).parent
        for command in LinkCommand.finditer(text):
            own, *rest = command.group(2).split()
            # A program that lodges in a folder may link what its sources may include.
            room = next((room_of(f"{folder}/{word}") for word in rest if word.endswith(".cpp")), room_of(name))
            yield name, text[:command.start(1)].count("\n") + 1, room, own, rest


def links(tree):
    """Rule "link": the link lines of every folder."""
    commands = list(link_commands(tree))
    homes = {f"plinth::{own}": room for _, _, room, own, _ in commands}
    homes |= {f"plinth::{room.split('/')[-1]}": room for room in rules.Rooms if room not in rules.Edges}
    for name, number, room, _, rest in commands:
        for target in rest:
            home = homes.get(target)
            if target.startswith("plinth::") and home is None:
                yield Finding(name, number, "link", f"{target} is made nowhere")
            elif home and not linkable(room, home):
                yield Finding(name, number, "link", f"{room} may not link {target}: {rules.Rooms[room][1]}")
            for rooms, why in matches(rules.LinkedLibraries, target):
                if room not in rooms:
                    yield Finding(name, number, "link", f"{room} may not link {target}: {why}")
    for name in tree.files:
        for number, line in tree.lines(name) if name.endswith("CMakeLists.txt") else ():
            if OtherLinking.match(line):
                yield Finding(name, number, "link", "link with plinth_library or target_link_libraries, target by target")


def linkable(room, home):
    """Whether the room may link another's library: when it may include the room, or one header of it."""
    return allowed(room, home) or any(door.startswith(home + "/") for door in rules.Rooms[room][0])


def words(tree):
    """Rule "word": clocks, sleeping, chance and exceptions where none may be."""
    for name in filter(is_cpp, tree.files):
        room = room_of(name)
        forbidden = [(re.compile(pattern), why) for pattern, rooms, spared, why in rules.Words
                     if room in rooms and name not in spared]
        for number, line in tree.code(name) if forbidden else ():
            for pattern, why in forbidden:
                if found := pattern.search(line):
                    yield Finding(name, number, "word", f"{room} may not say {found.group()}: {why}")


def pages(tree):
    """Rule "page": every room has its README, and every page that is named exists."""
    folders = [room for room in rules.Rooms
               if any(name.startswith(room + "/") and room_of(name) == room for name in tree.files)]
    for folder in [*folders, *rules.Pages]:
        if any(name.startswith(folder + "/") for name in tree.files) and f"{folder}/README.md" not in tree.files:
            yield Finding(f"{folder}/README.md", 1, "page", "missing: say what the room is for, its one rule, how data passes")
    known = {pathlib.PurePosixPath(name).name for name in tree.files}
    for name in tree.files:
        if name.endswith(rules.Binary) or name.endswith("package-lock.json") or name in rules.Quoting:
            continue
        for number, line in tree.lines(name):
            for page in NamedPage.findall(line):
                if page not in known:
                    yield Finding(name, number, "page", f"{page} is no page of this repository")
            for link in MarkdownLink.findall(line) if name.endswith(".md") else ():
                if "://" not in link and not (tree.root / name).parent.joinpath(link).exists():
                    yield Finding(name, number, "page", f"the link to {link} leads nowhere")


def lengths(tree):
    """Rule "length": a long file is listed with its reason."""
    for name in tree.files:
        if not name.endswith(rules.Counted) or name in rules.Longer:
            continue
        count = tree.text(name).count("\n")
        if count > rules.MostLines:
            yield Finding(name, count, "length", f"{count} lines: look for its second reason, or give one in rules.py")


def hygiene(tree):
    """Rule "hygiene": what no file of the repository says."""
    for name in tree.files:
        if name.endswith(rules.Binary) or name in rules.Quoting:
            continue
        for number, line in tree.lines(name):
            for pattern, why in rules.Hygiene:
                if found := re.search(pattern, line):
                    yield Finding(name, number, "hygiene", f"{found.group()!r}: {why}")


Surveys = (includes, links, words, pages, lengths, hygiene)


def survey(root):
    """Every finding in the tree, in the order of the rules."""
    tree = Tree(root)
    return [finding for look in Surveys for finding in look(tree)]


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    findings = survey(root)
    for finding in findings:
        print(finding)
    print(f"architecture: {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
