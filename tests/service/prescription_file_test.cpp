#include "controller/service/prescription_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/service/fake_control.hpp"
#include "tests/service/temporary_folder.hpp"

namespace plinth::service {
namespace {

using testing::HasSubstr;

class AKeptPrescription : public testing::Test {
 protected:
  void keep(const rehab::Prescription& prescription) {
    ASSERT_TRUE(file_.stage(prescription));
    ASSERT_TRUE(file_.commit());
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "prescription.json";
  PrescriptionFile file_{path_};
};

TEST_F(AKeptPrescription, ComesBackAsItWasForEveryPhasesDefaults) {
  for (const rehab::Phase phase : rehab::AllPhases) {
    const auto person = rehab::typical_person(units::kilograms(78));
    const auto prescription = rehab::Prescription::checked(rehab::defaults_of(phase), person);
    ASSERT_TRUE(prescription);
    keep(*prescription);
    const auto loaded = file_.load();
    ASSERT_TRUE(loaded) << loaded.error();
    ASSERT_TRUE(*loaded);
    // Angles may differ in the last bits, which they lose on the way through degrees.
    EXPECT_NEAR(units::in_degrees((*loaded)->range().low()), units::in_degrees(prescription->range().low()),
                1e-9);
    EXPECT_NEAR(units::in_degrees((*loaded)->range().high()), units::in_degrees(prescription->range().high()),
                1e-9);
    EXPECT_EQ((*loaded)->load(), prescription->load());
    EXPECT_EQ((*loaded)->tempo(), prescription->tempo());
    EXPECT_EQ((*loaded)->person(), prescription->person());
    EXPECT_EQ((*loaded)->reps(), prescription->reps());
  }
}

TEST_F(AKeptPrescription, IsNothingBeforeTheFirstAndThatIsNoError) {
  const auto loaded = file_.load();
  ASSERT_TRUE(loaded) << loaded.error();
  EXPECT_FALSE(*loaded);
}

TEST_F(AKeptPrescription, IsTheOldOneUntilTheNewOneIsCommitted) {
  keep(a_prescription(100));
  ASSERT_TRUE(file_.stage(a_prescription(120)));
  EXPECT_EQ((*file_.load())->load(), units::newtons(100));
  ASSERT_TRUE(file_.commit());
  EXPECT_EQ((*file_.load())->load(), units::newtons(120));
}

TEST_F(AKeptPrescription, StaysWhenTheNewOneIsDiscarded) {
  keep(a_prescription(100));
  ASSERT_TRUE(file_.stage(a_prescription(120)));
  file_.discard();
  EXPECT_EQ((*file_.load())->load(), units::newtons(100));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder_.path()}, {}), 1);
}

TEST_F(AKeptPrescription, CutShortAnywhereIsAnErrorAndNeverADefault) {
  keep(a_prescription());
  const std::string whole = text_in(path_);
  // The last character is a line's end.
  for (std::size_t size = 0; size + 1 < whole.size(); size += 7) {
    write_text(path_, whole.substr(0, size));
    const auto loaded = file_.load();
    ASSERT_FALSE(loaded) << "cut to " << size << " characters";
    EXPECT_THAT(loaded.error(), HasSubstr(path_.string()));
  }
}

TEST_F(AKeptPrescription, WithOneChangedDigitIsAnErrorThoughItWouldBeAllowed) {
  keep(a_prescription(100));
  std::string text = text_in(path_);
  const auto load = text.find("\"load_n\": 100");
  ASSERT_NE(load, std::string::npos) << text;
  text.replace(load, 13, "\"load_n\": 101");
  write_text(path_, text);
  const auto loaded = file_.load();
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error(), HasSubstr("checksum"));
}

TEST_F(AKeptPrescription, ThatIsNoRegularFileIsAnError) {
  std::filesystem::create_directory(path_);
  const auto loaded = file_.load();
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error(), HasSubstr("not a regular file"));
}

TEST_F(AKeptPrescription, OfAnotherSchemaIsAnErrorThatNamesBoth) {
  write_text(path_, R"({"schema": 9})");
  const auto loaded = file_.load();
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error(), testing::AllOf(HasSubstr("schema 9"), HasSubstr("schema 1")));
}

TEST_F(AKeptPrescription, ThatCannotBeWrittenIsAnErrorWithTheReason) {
  const PrescriptionFile nowhere{folder_.path() / "missing" / "prescription.json"};
  const auto staged = nowhere.stage(a_prescription());
  ASSERT_FALSE(staged);
  EXPECT_THAT(staged.error(), HasSubstr("No such file or directory"));
}

}  // namespace
}  // namespace plinth::service
