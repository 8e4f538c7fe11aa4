#!/usr/bin/python3 -B
"""Runs the fuzzing harnesses: `run.py [--build] [--seconds N] [--jobs N] [HARNESS...]`.

Each harness begins from its committed seeds in corpus/NAME and what earlier runs on this machine have found. A
finding is kept in build/fuzz/findings and printed as hex, with the command that replays it:

    tests/fuzz/run.py --replay NAME HEX
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = pathlib.Path(os.environ.get("PLINTH_FUZZ_BUILD", ROOT / "build" / "fuzz"))

# What a harness reads besides its bytes, and how long its inputs may grow.
DICTIONARIES = {
    "gateway_settings": "toml.dict", "station_file": "toml.dict", "scenario_file": "toml.dict",
    "profile_file": "toml.dict",
    "http_entry": "http.dict", "prescription_file": "prescription.dict", "command_line": "command_line.dict",
}
LONGEST = {"http_entry": 12000, "station_file": 4096, "profile_file": 4096, "scenario_file": 4096, "gateway_settings": 2048,
           "command_line": 64, "register_blocks": 80}
LONGEST_USUALLY = 2048


def program_of(name):
    return BUILD / "bin" / f"fuzz_{name}"


def listed(name):
    """A list of tests/fuzz/CMakeLists.txt."""
    text = (HERE / "CMakeLists.txt").read_text()
    return re.search(rf"^set\({name}\b([^)]*)\)", text, re.MULTILINE).group(1).split()


def call(command, **options):
    return subprocess.run(command, cwd=ROOT, check=False, **options)


def build(jobs):
    """Configures and compiles the preset `fuzz`; True when that went well."""
    env = dict(os.environ, CCACHE_BASEDIR=str(ROOT), CCACHE_NOHASHDIR="yes")
    configure = ["cmake", "--preset", "fuzz", "-B", str(BUILD)]
    compile_all = ["cmake", "--build", str(BUILD), "--parallel", str(jobs), "--target", "fuzzers"]
    for command in (configure, compile_all):
        done = call(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            print(done.stdout[-6000:])
            print("The harnesses need the Debian packages clang-19 and libclang-rt-19-dev.")
            return False
    return True


def environment():
    return dict(os.environ,
                ASAN_OPTIONS="abort_on_error=0:detect_leaks=1:allocator_may_return_null=1",
                UBSAN_OPTIONS="print_stacktrace=1",
                ASAN_SYMBOLIZER_PATH="/usr/bin/llvm-symbolizer-19")


def figure(output, name):
    found = re.search(rf"stat::{name}:\s+(\d+)", output)
    return int(found.group(1)) if found else 0


def report_finding(name, path, output):
    print(f"{name}: FOUND")
    print("\n".join(output.splitlines()[-60:]))
    print(f"{name}: kept as {path}")
    print(f"replay: tests/fuzz/run.py --replay {name} {path.read_bytes().hex()}")


def fuzz(name, seconds):
    """Runs one harness; True when it found nothing."""
    if not program_of(name).exists():
        print(f"{name}: there is no {program_of(name)}; build it first: tests/fuzz/run.py --build")
        return False
    learned = BUILD / "corpus" / name
    findings = BUILD / "findings"
    learned.mkdir(parents=True, exist_ok=True)
    findings.mkdir(parents=True, exist_ok=True)
    command = [str(program_of(name)), f"-max_total_time={seconds}", "-timeout=30", "-rss_limit_mb=2048",
               f"-max_len={LONGEST.get(name, LONGEST_USUALLY)}", "-print_final_stats=1", "-verbosity=0",
               f"-artifact_prefix={findings}/{name}-"]
    if name in DICTIONARIES:
        command.append(f"-dict={HERE / 'dictionaries' / DICTIONARIES[name]}")
    before = time.time()
    run = call(command + [str(learned), str(HERE / "corpus" / name)], env=environment(), text=True,
               errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if run.returncode == 0:
        print(f"{name}: nothing found in {figure(run.stdout, 'number_of_executed_units')} inputs, "
              f"{time.time() - before:.0f} s, {len(list(learned.iterdir()))} kept", flush=True)
        return True
    fresh = [path for path in findings.glob(f"{name}-*") if path.stat().st_mtime >= before - 1]
    if fresh:
        report_finding(name, max(fresh, key=lambda path: path.stat().st_mtime), run.stdout)
    else:
        print(f"{name}: ended with status {run.returncode}\n{run.stdout[-4000:]}")
    return False


def replay(name, digits):
    with tempfile.NamedTemporaryFile() as file:
        file.write(bytes.fromhex(digits))
        file.flush()
        return call([str(program_of(name)), file.name], env=environment()).returncode


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", action="store_true", help="compile the harnesses first")
    parser.add_argument("--seconds", type=int, default=0, help="for each harness; 0: run none")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--replay", nargs=2, metavar=("NAME", "HEX"))
    parser.add_argument("harness", nargs="*", help="all of them when none is named")
    return parser.parse_args()


def main():
    given = arguments()
    there_are = listed("harnesses") + listed("waiting")
    unknown = [name for name in given.harness if name not in there_are]
    if unknown:
        print(f"no such harness: {', '.join(unknown)}; there are {', '.join(there_are)}")
        return 2
    if given.build and not build(given.jobs):
        return 1
    if given.replay:
        return replay(*given.replay)
    if given.seconds <= 0:
        return 0
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        good = list(pool.map(lambda name: fuzz(name, given.seconds), given.harness or listed("harnesses")))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
