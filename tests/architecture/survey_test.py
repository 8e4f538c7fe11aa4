#!/usr/bin/python3
"""The survey can fail: each test builds a tree that breaks one rule once, and that one place is found."""
import pathlib
import tempfile
import unittest

import rules
import survey

Page = "What the room is for.\n"


class Survey(unittest.TestCase):
    def found(self, files):
        """What the survey finds in a tree of these files, each room of which has its page."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            rooms = {survey.room_of(name) for name in files} - {None}
            for room in [*rooms, *rules.Pages]:
                self.put(root, f"{room}/README.md", Page)
            for name, text in files.items():
                self.put(root, name, text)
            return [(finding.rule, finding.file, finding.line) for finding in survey.survey(root)]

    @staticmethod
    def put(root, name, text):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)

    def assert_found(self, rule, name, text, line=1, **others):
        self.assertEqual(self.found({name: text, **others}), [(rule, name, line)])

    # ---- a tree in order

    def test_finds_nothing_in_a_tree_that_keeps_the_rules(self):
        self.assertEqual(self.found({
            "controller/safety/gate.cpp": '#include <optional>\n#include "controller/sensing/estimate.hpp"\n',
            "controller/safety/CMakeLists.txt": "plinth_library(safety SOURCES gate.cpp LINKS plinth::sensing)\n",
            "drivers/links.cpp": "#include <modbus.h>\n",
            "hmi/gateway/bridge.cpp": '#include "plinth/v1/plinth.pb.h"\n#include <boost/beast/core.hpp>\n',
        }), [])

    # ---- layers

    def test_finds_every_include_that_a_room_may_not_have(self):
        for room in rules.Rooms:
            if room in rules.Edges or room == "simulator/run":
                continue
            for other in [*rules.Core, "drivers", "hmi", "simulator", "controller/service"]:
                if other == room or survey.linkable(room, other):
                    continue
                with self.subTest(room=room, other=other):
                    self.assert_found("layer", f"{room}/a.cpp", f'\n#include "{other}/b.hpp"\n', line=2)

    def test_finds_the_driver_in_the_simulated_devices_but_not_in_the_closed_loop(self):
        line = '#include "drivers/register_map.hpp"\n'
        self.assert_found("layer", "simulator/drive.cpp", line)
        self.assertEqual(self.found({"simulator/run_command.cpp": line, "simulator/README.md": Page}), [])

    def test_finds_a_simulated_device_that_reaches_the_control_code_through_the_closed_loop(self):
        self.assert_found("layer", "simulator/drive.cpp", '#include "simulator/run_command.hpp"\n')

    def test_opens_one_header_of_a_room_and_no_other(self):
        self.assertEqual(self.found({"controller/service/a.cpp": '#include "controller/safety/verdict.hpp"\n'}), [])
        self.assert_found("layer", "controller/service/a.cpp", '#include "controller/safety/supervisor.hpp"\n')

    def test_finds_an_include_that_does_not_start_at_the_root(self):
        self.assert_found("layer", "drivers/a.cpp", '#include "b.hpp"\n', **{"drivers/b.hpp": ""})

    def test_finds_an_include_in_the_wiring_of_the_daemon(self):
        self.assert_found("layer", "controller/main.cpp", '#include "simulator/plant.hpp"\n')

    # ---- links

    def test_finds_a_link_against_the_layers(self):
        self.assert_found("link", "controller/resistance/CMakeLists.txt",
                          "# laws\nplinth_library(resistance\n  LINKS plinth::sensing plinth::safety)\n", line=2)

    def test_finds_a_program_that_links_what_its_room_may_not(self):
        self.assert_found("link", "hmi/ctl/CMakeLists.txt", "plinth_program(plinthctl SOURCES main.cpp LINKS plinth::cycle)\n")

    def test_lets_a_program_link_what_its_own_sources_may_include(self):
        self.assertEqual(self.found({
            "simulator/CMakeLists.txt": "plinth_library(closed_loop SOURCES run_command.cpp LINKS plinth::cycle plinth::drivers)\n",
        }), [])

    def test_finds_a_library_that_a_room_may_not_link(self):
        self.assert_found("link", "controller/cycle/CMakeLists.txt", "plinth_library(cycle LINKS PkgConfig::libmodbus)\n")

    def test_finds_a_target_that_nobody_makes(self):
        self.assert_found("link", "drivers/CMakeLists.txt", "target_link_libraries(plinth_drivers PUBLIC plinth::unheard_of)\n")

    def test_finds_linking_for_everybody_at_once(self):
        self.assert_found("link", "drivers/CMakeLists.txt", "link_libraries(modbus)\n")

    # ---- libraries and words

    def test_finds_every_header_of_a_library_out_of_its_place(self):
        for header, room in [
            ("modbus.h", "controller/cycle"), ("modbus/modbus.h", "controller/service"),
            ("boost/asio/io_context.hpp", "controller/cycle"), ("boost/beast/http.hpp", "controller/service"),
            ("google/protobuf/message.h", "controller/session"), ("plinth/v1/plinth.pb.h", "controller/rehab"),
            ("spdlog/spdlog.h", "controller/safety"), ("toml++/toml.h", "controller/rehab"), ("CLI/CLI.hpp", "drivers"),
            ("nlohmann/json.hpp", "controller/service"), ("boost/numeric/odeint.hpp", "controller/sensing"),
            ("boost/units/quantity.hpp", "controller/session"), ("boost/lockfree/queue.hpp", "drivers"),
            ("sys/socket.h", "controller/cycle"), ("poll.h", "controller/units"), ("mutex", "controller/session"),
            ("fstream", "controller/rehab"),
        ]:
            with self.subTest(header=header, room=room):
                self.assert_found("library", f"{room}/a.cpp", f"#include <{header}>\n")

    def test_finds_a_clock_a_sleep_chance_and_an_exception(self):
        for line in ("auto now = std::chrono::steady_clock::now();", "std::chrono::system_clock::time_point at;",
                     "clock_gettime(CLOCK_MONOTONIC, &at);", "std::this_thread::sleep_for(pause);",
                     "std::random_device seed;", "throw Error{};"):
            with self.subTest(line=line):
                self.assert_found("word", "controller/safety/a.cpp", f"// one\n{line}\n", line=2)

    def test_does_not_mistake_a_comment_or_a_text_for_code(self):
        self.assertEqual(self.found({
            "controller/safety/a.cpp": '// never a steady_clock\n/* nor a\n throw */\nauto words = "try again";\n'}), [])

    # ---- pages, lengths, hygiene

    def test_finds_a_room_without_its_page(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            self.put(root, "drivers/a.cpp", "")
            self.assertEqual([str(finding.file) for finding in survey.survey(root)], ["drivers/README.md"])

    def test_finds_a_page_that_is_named_and_does_not_exist(self):
        self.assert_found("page", "drivers/a.cpp", "// as wishes.md says\n")

    def test_finds_a_link_that_leads_out_of_the_repository(self):
        self.assert_found("page", "notes.md", "[there](elsewhere/notes.md)\n")

    def test_finds_a_file_that_is_too_long(self):
        lines = rules.MostLines + 1
        self.assert_found("length", "drivers/a.cpp", "\n" * lines, line=lines)

    def test_finds_what_no_file_says(self):
        for line in ("/home/somebody/plinth", "/work/main", "/tmp/mine/extra", "include(/opt/more.cmake OPTIONAL)",
                     "// TODO later", "# FIXME",
                     '"resolved": "https://example.org/a.tgz"', "https://registry.example.org/", "see issue 7"):
            with self.subTest(line=line):
                self.assert_found("hygiene", "drivers/notes.txt", f"one\n{line}\n", line=2)


if __name__ == "__main__":
    unittest.main()
