"""The rules of the house, as data. survey.py reads them, and the tree, and names every place that breaks one."""

# What a room may include from other rooms, and why the line is drawn there. A room always sees itself.
# "safety/command.hpp" opens one header of a room and no other.
Rooms = {
    "proto": ([], "the schema stands alone: every program and any stranger speaks it"),
    "controller/units": ([], "quantities know nothing of what they measure"),
    "controller/rehab": (["controller/units"], "what is good for a person does not depend on sensors, clocks or wires"),
    "controller/sensing": (["controller/units", "controller/rehab"], "what is measured does not depend on what is wished"),
    "controller/safety": (
        ["controller/units", "controller/rehab", "controller/sensing"],
        "whoever judges a command knows the measurement and the limits, and not the reasons of who asks"),
    "controller/resistance": (
        ["controller/units", "controller/rehab", "controller/sensing"],
        "a law may not read its jailer"),
    "controller/session": (
        ["controller/units", "controller/rehab", "controller/sensing", "controller/safety", "controller/resistance"],
        "a session guides a person; how words get to the machine or to a screen is not its business"),
    "controller/cycle": (
        ["controller/units", "controller/rehab", "controller/sensing", "controller/safety", "controller/resistance",
         "controller/session"],
        "one cycle is the same on the live machine and in virtual time: it knows ports, not what is behind them"),
    "controller/record": (
        ["controller/units", "controller/rehab", "controller/sensing", "controller/safety", "controller/session",
         "controller/cycle"],
        "a record keeps what a cycle saw and did: whoever reads it needs neither the schema nor a wire"),
    "controller/config": (
        ["controller/units", "controller/rehab", "controller/sensing/calibration.hpp", "proto"],
        "a file is read before anything else exists"),
    "controller/service": (
        ["controller/units", "controller/rehab", "controller/sensing", "controller/resistance", "controller/session",
         "controller/cycle", "controller/config", "proto",
         "controller/safety/action.hpp", "controller/safety/command.hpp", "controller/safety/limits.hpp",
         "controller/safety/rules.hpp", "controller/safety/verdict.hpp"],
        "people are shown verdicts and causes; the judge itself is out of their reach"),
    "drivers": (
        ["controller/units", "controller/rehab", "controller/sensing", "controller/safety"],
        "a driver carries approved commands; what they are for it cannot know"),
    "drivers/profiles": (
        ["controller/config/mistake.hpp", "controller/config/text_file.hpp", "controller/config/toml_table.hpp",
         "drivers/checksum.hpp"],
        "a device is described by a file and by nothing else: no link, no machine and no cycle"),
    "hmi": (["proto"], "whoever listens to a network speaks the schema with the daemon and shares no code with it"),
    "simulator": (
        ["controller/units"],
        "plant and register banks are written from the physics and the map, so that a mistake of ours shows"),
    "simulator/run": (
        ["controller/units", "controller/rehab", "controller/sensing", "controller/safety", "controller/resistance",
         "controller/session", "controller/cycle", "controller/record", "drivers", "simulator"],
        "the closed loop in virtual time puts the real control code and the simulated machine together"),
    "controller/main": (
        ["controller", "drivers", "proto"],
        "the daemon puts the rooms together; the machine it drives is a real one, and it shows nothing itself"),
    "tests": (["proto", "controller", "drivers", "simulator", "hmi"], "a test may look everywhere"),
}

# Files that live in a folder but belong to another room: (path prefix, room).
Lodgers = [
    ("simulator/run", "simulator/run"),
    ("simulator/closed_loop", "simulator/run"),
    ("simulator/replay", "simulator/run"),
    ("simulator/console_script", "simulator/run"),
    ("simulator/judge", "simulator/run"),
    ("simulator/witness", "simulator/run"),
    ("simulator/serve", "simulator/run"),
    ("simulator/campaign", "simulator/run"),
    ("simulator/reaction", "simulator/run"),
    ("simulator/faulty_law", "simulator/run"),
    ("simulator/main", "simulator/run"),
    ("simulator/scenario", "simulator/run"),
    ("simulator/expectation_check", "simulator/run"),
    ("controller/main", "controller/main"),
    ("controller/CMakeLists.txt", "controller/main"),
]

Core = ["controller/units", "controller/rehab", "controller/sensing", "controller/safety", "controller/resistance",
        "controller/session", "controller/cycle"]
Edges = ["controller/main", "tests"]

# Headers of libraries: pattern, where they may be included, why nowhere else.
Libraries = [
    (r"modbus(/.*|\.h|-.*\.h)", ["drivers", "simulator", "tests"],
     "the wire ends in drivers/ (and in the simulator's server)"),
    (r"boost/beast(/.*|\.hpp)", ["hmi", "tests"], "the heaviest header of all stays behind the gateway's interface"),
    (r"boost/asio(/.*|\.hpp)", ["controller/service", "hmi", "simulator", "simulator/run", *Edges],
     "nothing on the control thread may wait for a network"),
    (r"google/protobuf/.*|.*\.pb\.h",
     ["proto", "controller/service", "controller/config", "hmi", *Edges],
     "the control code has its own types; messages are translated at the edge"),
    (r"spdlog/.*", ["controller/service", "hmi", "simulator", "simulator/run", *Edges],
     "the control thread never logs: it leaves snapshots"),
    (r"toml\+\+/.*", ["controller/config", "drivers/profiles", "hmi", "simulator", "simulator/run", "tests"], "files are read at the edge"),
    (r"CLI/.*", ["hmi", "simulator", "simulator/run", *Edges], "only a program has a command line"),
    (r"nlohmann/.*", ["hmi", "simulator", "simulator/run", "tests"], "only programs' output is JSON"),
    (r"boost/numeric/odeint.*", ["simulator", "tests"], "only the plant is integrated"),
    (r"boost/units/.*", ["controller/units", "tests"], "quantities have names; the library behind them is one room's secret"),
    (r"boost/lockfree/.*", ["controller/cycle", *Edges], "threads meet in the channels and nowhere else"),
    (r"(sys/socket|sys/un|netinet/.*|arpa/.*|poll|sys/epoll|termios|sqlite3)(\.h)?",
     ["drivers", "controller/service", "hmi", "simulator", "simulator/run", *Edges],
     "control code does no input or output of its own"),
    (r"(mutex|shared_mutex|condition_variable|future|iostream|fstream|filesystem)",
     ["controller/service", "controller/config", "controller/record", "drivers", "drivers/profiles", "hmi", "proto", "simulator", "simulator/run",
      *Edges],
     "control code neither waits nor reads files"),
]

# The same line, drawn for link targets.
LinkedLibraries = [
    (r"PkgConfig::libmodbus", ["drivers", "simulator", "simulator/run", "tests"], Libraries[0][2]),
    (r"protobuf::.*", ["proto", "controller/config", "controller/service", "hmi", *Edges], Libraries[3][2]),
    (r"spdlog::.*", ["controller/service", "hmi", "simulator", "simulator/run", *Edges], Libraries[4][2]),
    (r"PkgConfig::tomlplusplus", ["controller/config", "drivers/profiles", "hmi", "simulator", "simulator/run", "tests"], Libraries[5][2]),
]

# Words that a room's code may not say: pattern, rooms, files that may all the same, why.
Words = [
    (r"\b(steady|system|high_resolution)_clock\b|\bclock_gettime\b|\bgettimeofday\b|\btime\(nullptr\)", Core,
     ["controller/cycle/control_loop.cpp", "controller/cycle/control_loop.hpp"],
     "the time is passed in, so that the same code runs on the live clock and in virtual time"),
    (r"\bsleep_(for|until)\b|\bclock_nanosleep\b", Core, ["controller/cycle/control_loop.cpp", "controller/cycle/control_loop.hpp"],
     "only the loop sleeps, to an absolute time"),
    (r"\brandom_device\b|\bstd::rand\b|\bsrand\b", [*Core, "simulator", "simulator/run"], [],
     "every run can be repeated: chance comes from a seed that is passed in"),
    (r"\bthrow\b|\btry\b", Core, ["controller/units/interval.hpp"],
     "a bad reading is data; the control path has no exceptions (an inverted interval is a programmer's mistake)"),
]

# Every room has a page that says what it is for; these folders too.
Pages = ["controller", "deploy", "tests"]

# Past about 400 lines a file has a second reason to exist. Those that may be longer, and why.
MostLines = 420
Longer = {
    "hmi/web/package-lock.json": "written by npm",
    "LICENSE": "the licence's own words",
    "tests/drivers/tcp_machine_test.cpp": "one machine against one peer, in every way that a peer can misbehave",
    "tests/inputs/catalogue.toml": "one list: every bad input with what must be told about it",
    "controller/service/desk.cpp": "what the station does with each kind of message, one function each",
    "simulator/resistance_unit.cpp": "one unit's register bank, in the order of its map",
    "tests/mutation/schemata.py": "the one reader of C++ that makes every mutant",
    "tests/system/chaos_faults.py": "every fault that real processes suffer, one class each",
    "drivers/profiles/native-resistance-unit.toml": "one device: its register map from end to end",
    "simulator/fault_table.cpp": "one table: every fault, a row each",
    "controller/safety/rules.cpp": "one table: the causes in the order in which they are told",
    "plinth": "one script that a newcomer reads from top to bottom",
}
Counted = (".cpp", ".hpp", ".py", ".ts", ".tsx", ".css", ".proto", ".toml", ".sh", ".mjs")

# What no file of the repository says: pattern, why.
Hygiene = [
    (r"(?<![\w./-])/(?:home|root|work|Users|mnt)/\w", "an absolute path of somebody's machine"),
    (r"(?<![\w./$}-])/(?:tmp|var/tmp|dev/shm)/[\w.-]+/", "somebody's folder, where anybody may write"),
    (r"^\s*include\s*\(\s*\"?/", "a build that runs what lies outside of the repository"),
    (r"\b(?:TODO|FIXME|XXX)\b", "unfinished work belongs in the tracker"),
    (r'"resolved"\s*:\s*"https?:', "a lock file names versions and hashes, not a host: any mirror has the same bytes"),
    (r"https?://[\w.-]*\b(?:registry|mirror|proxy|artifactory|nexus)\b", "a package host is the user's own choice"),
    (r"(?i)\bissues? #?\d+\b", "a number that a reader cannot look up"),
]
# The files that must quote what they forbid.
Quoting = ("tests/architecture/rules.py", "tests/architecture/survey_test.py")
Binary = (".png", ".ico", ".woff2", ".jpg", ".webp", ".pcap", ".ogg", ".wav")
