// The test program of the mutants: as GoogleTest's own, but it can tell which places each test reached.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
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
  void OnTestEnd(const ::testing::TestInfo& info) override {
    write(std::string{info.test_suite_name()} + "." + info.name(), info.result()->elapsed_time());
  }
  void OnTestProgramEnd(const ::testing::UnitTest&) override {
    out_ << "*inapplicable* 0";
    for (const int number : record().inapplicable) out_ << ' ' << number;
    out_ << '\n';
  }
  void write(const std::string& name, ::testing::TimeInMillis time) {
    out_ << name << ' ' << time;
    auto& reached = record().reached;
    for (std::size_t i = 0; i < reached.size(); ++i)
      if (reached[i] != 0) out_ << ' ' << i;
    out_ << '\n';
    reached.assign(reached.size(), 0);
  }

  std::ofstream out_;
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
  ::testing::InitGoogleTest(&argc, argv);
  if (const char* file = plinth::mutant::record().file)
    ::testing::UnitTest::GetInstance()->listeners().Append(new plinth::mutant::Reach{file});
  return RUN_ALL_TESTS();
}
