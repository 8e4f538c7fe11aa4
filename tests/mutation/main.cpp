// The test program of the mutants: as GoogleTest's own, but it can tell which places each test reached.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "tests/mutation/mutant.hpp"

namespace plinth::mutant {
namespace {

// Function-local, because constants are mutated before main() begins.
struct Record {
  int wrong = 0;
  const char* file = nullptr;  // where to write what was reached; nothing: do not note it
  std::vector<char> reached;
  std::set<int> inapplicable;

  Record() {
    if (const char* number = std::getenv("PLINTH_MUTANT")) wrong = std::atoi(number);
    file = std::getenv("PLINTH_MUTANT_REACH");
    if (file != nullptr) reached.assign(100'000, 0);
  }
};
Record& record() {
  static Record the;
  return the;
}

class Reach : public ::testing::EmptyTestEventListener {
 public:
  explicit Reach(const char* file) : out_{file} { write("*before*", 0); }

 private:
  void OnTestStart(const ::testing::TestInfo&) override { began_ = std::clock(); }
  void OnTestEnd(const ::testing::TestInfo& info) override {
    // Of the processor, not of the wall: what else runs on the machine does not make a test slow.
    write(std::string{info.test_suite_name()} + "." + info.name(),
          (std::clock() - began_) / (CLOCKS_PER_SEC / 1000));
  }
  void OnTestProgramEnd(const ::testing::UnitTest&) override {
    out_ << "*inapplicable* 0";
    for (const int number : record().inapplicable) out_ << ' ' << number;
    out_ << '\n';
  }
  void write(const std::string& name, std::clock_t ms) {
    out_ << name << ' ' << ms;
    auto& reached = record().reached;
    for (std::size_t i = 0; i < reached.size(); ++i)
      if (reached[i] != 0) out_ << ' ' << i;
    out_ << '\n';
    reached.assign(reached.size(), 0);
  }

  std::ofstream out_;
  std::clock_t began_ = 0;
};

}  // namespace

bool is(int number) {
  Record& the = record();
  if (the.file != nullptr) the.reached.at(static_cast<std::size_t>(number)) = 1;
  return the.wrong == number;
}
void inapplicable(int number) {
  if (record().file != nullptr) record().inapplicable.insert(number);
}

}  // namespace plinth::mutant

int main(int argc, char** argv) {
  // Of the processor: what takes longer does not end.
  constexpr rlimit Longest{.rlim_cur = 30, .rlim_max = 60};
  setrlimit(RLIMIT_CPU, &Longest);
  ::testing::InitGoogleTest(&argc, argv);
  if (const char* file = plinth::mutant::record().file)
    ::testing::UnitTest::GetInstance()->listeners().Append(new plinth::mutant::Reach{file});
  return RUN_ALL_TESTS();
}
