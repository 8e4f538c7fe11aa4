#include "controller/safety/rules.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

namespace plinth::safety {
namespace {

TEST(RuleTable, HasExactlyOneRowForEveryCause) {
  std::map<Cause, int> rows;
  for (const Rule& rule : rule_table()) ++rows[rule.cause];
  for (std::size_t i = 1; i < CauseCount; ++i) EXPECT_EQ(rows[static_cast<Cause>(i)], 1) << "cause " << i;
  EXPECT_EQ(rule_table().size(), CauseCount - 1);
  EXPECT_EQ(rows.count(Cause::None), 0U);
}

TEST(RuleTable, TellsPatientAndPhysioSomethingForEveryCause) {
  for (const Rule& rule : rule_table()) {
    EXPECT_FALSE(rule.name.empty());
    for (const std::string_view words : {rule.patient, rule.physio, rule.next_step}) {
      ASSERT_FALSE(words.empty()) << rule.name;
      EXPECT_EQ(words.back(), '.') << rule.name << ": " << words;
    }
  }
}

TEST(RuleTable, NeverFrightensThePersonUnderLoad) {
  for (const Rule& rule : rule_table())
    for (const std::string_view word : {"danger", "Danger", "fault", "Fault", "error", "Error", "fail",
                                        "emergency", "Emergency", "warning", "!"})
      EXPECT_EQ(rule.patient.find(word), std::string_view::npos) << rule.name << ": " << rule.patient;
}

TEST(RuleTable, GivesEveryCauseANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const Rule& rule : rule_table()) EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
  EXPECT_EQ(name_of(Cause::RangeCrossed), "range_crossed");
  EXPECT_EQ(name_of(Cause::None), "none");
}

TEST(RuleTable, LatchesWhateverEndsASetButTheMissingPrescription) {
  for (const Rule& rule : rule_table()) {
    if (rule.action < Action::Release || rule.cause == Cause::NoPrescription) continue;
    EXPECT_GT(rule.latch, LatchLevel::None) << rule.name;
  }
}

TEST(RuleTable, LetsThePersonClearWhatThePersonDid) {
  for (const Cause cause : {Cause::ComfortStop, Cause::GripReleased, Cause::ConsoleStop, Cause::OverSpeed,
                            Cause::TempoFarOff, Cause::RangeCrossed, Cause::Sag, Cause::HoldTooLong})
    EXPECT_EQ(rule_of(cause).latch, LatchLevel::Patient) << rule_of(cause).name;
}

TEST(RuleTable, LeavesBootToTheConsole) {
  EXPECT_EQ(rule_of(Cause::Boot).latch, LatchLevel::Therapist);
}

TEST(RuleTable, CallsServiceWhenTheDriveCannotBeTrusted) {
  for (const Cause cause :
       {Cause::DriveIgnores, Cause::DriveOverDelivers, Cause::ReleaseUnverified, Cause::StopUnverified})
    EXPECT_EQ(rule_of(cause).latch, LatchLevel::Service) << rule_of(cause).name;
}

TEST(RuleTable, SwitchesTorqueOffOnlyWhenItCannotBeControlled) {
  for (const Rule& rule : rule_table())
    EXPECT_EQ(rule.action == Action::TorqueOff, rule.cause == Cause::StopUnverified) << rule.name;
}

TEST(RuleTable, StopsTheDriveForAnOpenEmergencyStopAndReleasesForTheComfortStop) {
  EXPECT_EQ(rule_of(Cause::EStopOpen).action, Action::DriveStop);
  EXPECT_EQ(rule_of(Cause::ComfortStop).action, Action::Release);
}

TEST(RuleTable, TakesANumberThatIsNoCauseForAnInternalError) {
  EXPECT_EQ(rule_of(Cause::Count_).cause, Cause::Internal);
  EXPECT_EQ(rule_of(Cause::None).cause, Cause::Internal);
}

// What the README promises is what the program does.
TEST(RuleTable, StandsInTheReadmeAsItStandsInTheCode) {
  std::ifstream file{PLINTH_SAFETY_README};
  ASSERT_TRUE(file) << PLINTH_SAFETY_README;
  std::string readme{std::istreambuf_iterator<char>{file}, {}};
  std::size_t rows = 0;
  for (std::size_t at = 0; (at = readme.find("\n| `", at)) != std::string::npos; ++at) ++rows;
  for (const Rule& rule : rule_table()) {
    std::ostringstream row;
    row << "| `" << rule.name << "` | " << name_of(rule.action) << " | " << name_of(rule.latch) << " | "
        << name_of(rule.scope) << " | " << units::in_milliseconds(rule.dwell) << " | "
        << rehab::name_of(rule.set_end) << " |";
    EXPECT_NE(readme.find(row.str()), std::string::npos) << "missing in the README:\n" << row.str();
  }
  EXPECT_EQ(rows, rule_table().size());
}

}  // namespace
}  // namespace plinth::safety
