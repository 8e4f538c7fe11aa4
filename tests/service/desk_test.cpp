#include "controller/service/desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/service/a_desk.hpp"

namespace plinth::service {
namespace {

using testing::HasSubstr;

TEST_F(ADesk, WelcomesWithTheWholeStateThePhasesAndTheMachine) {
  hello(1, v1::ROLE_VIEWER);
  ASSERT_EQ(outbox_.got[1].size(), 1U);
  const v1::Welcome& welcome = outbox_.got[1][0].welcome();
  EXPECT_EQ(welcome.protocol_version(), 1U);
  EXPECT_EQ(welcome.server(), "plinthd test");
  EXPECT_TRUE(welcome.simulation());
  EXPECT_EQ(welcome.telemetry().session().stage(), v1::STAGE_NO_PRESCRIPTION);
  EXPECT_EQ(welcome.phases_size(), 4);
  EXPECT_TRUE(welcome.has_machine());
  EXPECT_FALSE(welcome.has_prescription());
}

TEST_F(ADesk, TellsWhyAUnitCannotBeUsed) {
  desk_.tell({.drive = "the brake slipped when it was tried", .hub = ""});
  hello(1, v1::ROLE_VIEWER);
  EXPECT_EQ(outbox_.got[1][0].welcome().telemetry().units().drive().trouble(),
            "the brake slipped when it was tried");
  desk_.tell({.drive = "", .hub = "cannot connect to 127.0.0.1:502 unit 2"});
  let_pass(units::milliseconds(100));
  const v1::Units& units = outbox_.news[1].back().telemetry().units();
  EXPECT_EQ(units.drive().trouble(), "");
  EXPECT_EQ(units.hub().trouble(), "cannot connect to 127.0.0.1:502 unit 2");
}

TEST_F(ADesk, WelcomesFirstWhateverHasChangedInTheMomentOfTheHello) {
  hello(1, v1::ROLE_VIEWER);
  control_.snapshot.prescription = a_prescription(90);
  control_.cycle();  // published, and no tick yet
  hello(2, v1::ROLE_CONSOLE);
  ASSERT_EQ(outbox_.got[2].size(), 1U);
  EXPECT_EQ(outbox_.got[2][0].welcome().prescription().load_n(), 90);
  EXPECT_EQ(outbox_.got[1].back().prescription().load_n(), 90) << "the others are told";
}

TEST_F(ADesk, TellsAClientOfAnotherVersionBothNumbersAndHangsUp) {
  hello(1, v1::ROLE_VIEWER, 7);
  EXPECT_EQ(goodbye_for(1), "wrong_version");
  EXPECT_THAT(outbox_.got[1].back().goodbye().reason().why(), testing::AllOf(HasSubstr("7"), HasSubstr("1")));
  EXPECT_TRUE(outbox_.hung_up.contains(1));
}

TEST_F(ADesk, HangsUpOnAClientThatDoesNotIntroduceItself) {
  desk_.arrived(1, now_);
  start(1, 1);
  EXPECT_EQ(goodbye_for(1), "malformed");
  desk_.arrived(2, now_);
  let_pass(units::milliseconds(4990));
  EXPECT_FALSE(outbox_.hung_up.contains(2));
  let_pass(units::milliseconds(20));
  EXPECT_EQ(goodbye_for(2), "malformed");
  EXPECT_TRUE(control_.seen.empty());
}

TEST_F(ADesk, HangsUpOnWhatIsNoFrame) {
  hello(1, v1::ROLE_CONSOLE);
  desk_.received(1, "\xFF\xFF garbage", now_);
  EXPECT_EQ(goodbye_for(1), "malformed");
  hello(2, v1::ROLE_CONSOLE);
  desk_.received(2, "", now_);
  EXPECT_EQ(goodbye_for(2), "unknown_request");
}

TEST_F(ADesk, SendsTelemetryFortyTimesASecond) {
  hello(1, v1::ROLE_VIEWER);
  let_pass(units::milliseconds(2000));
  EXPECT_GE(outbox_.news[1].size(), 66U);  // every third 10 ms cycle at least: 33 a second
  EXPECT_LE(outbox_.news[1].size(), 82U);
  EXPECT_TRUE(outbox_.news[1].back().has_telemetry());
}

TEST_F(ADesk, SendsAHeartbeatEveryQuarterSecondWhenControlIsSilent) {
  hello(1, v1::ROLE_VIEWER);
  let_pass(units::milliseconds(100));
  control_alive_ = false;
  let_pass(units::milliseconds(100));
  outbox_.news.clear();
  let_pass(units::milliseconds(1000));
  EXPECT_THAT(outbox_.news[1].size(), testing::AllOf(testing::Ge(3U), testing::Le(4U)));
  EXPECT_TRUE(outbox_.news[1].back().has_heartbeat());
}

TEST_F(ADesk, AnswersEveryCommandExactlyOnce) {
  hello(1, v1::ROLE_CONSOLE);
  prescribe(1, 10, 100);
  let_pass(units::milliseconds(50));
  command(1, 11, [](v1::Command& c) { c.mutable_reset(); });
  start(1, 12);
  stop(1, 13);
  command(1, 14, [](v1::Command& c) { c.mutable_end_session(); });
  command(1, 15, [](v1::Command& c) { c.mutable_get_prescription(); });
  command(1, 16, [](v1::Command&) {});
  let_pass(units::milliseconds(3000));
  std::multiset<std::uint64_t> ids;
  for (const v1::Outcome& outcome : outcomes_for(1)) {
    ids.insert(outcome.id());
    EXPECT_NE(outcome.has_applied(), outcome.has_refused());
  }
  EXPECT_EQ(ids, (std::multiset<std::uint64_t>{10, 11, 12, 13, 14, 15, 16}));
}

TEST_F(ADesk, PutsAPrescriptionInForceKeepsItAndTellsEverybody) {
  hello(1, v1::ROLE_CONSOLE);
  hello(2, v1::ROLE_VIEWER);
  prescribe(1, 5, 110);
  EXPECT_TRUE(outcomes_for(1).empty()) << "nothing is told before control has acted";
  let_pass(units::milliseconds(50));
  ASSERT_EQ(outcomes_for(1).size(), 1U);
  EXPECT_EQ(outcomes_for(1)[0].applied().prescription().load_n(), 110);
  EXPECT_EQ(outbox_.got[2].back().prescription().load_n(), 110);
  EXPECT_EQ((*file_.load())->load(), units::newtons(110));
  hello(3, v1::ROLE_VIEWER);
  EXPECT_EQ(outbox_.got[3][0].welcome().prescription().load_n(), 110);
  let_pass(units::milliseconds(50));
  EXPECT_GT(outbox_.news[3].back().telemetry().load().limit_n(), 110);
}

TEST_F(ADesk, RefusesAPrescriptionWithEveryViolationAndChangesNothing) {
  hello(1, v1::ROLE_CONSOLE);
  prescribe(1, 5, 100);
  let_pass(units::milliseconds(50));
  v1::Prescription wrong = message_of(a_prescription());
  wrong.set_load_n(5000);
  wrong.set_reps(0);
  wrong.set_range_high_deg(170);
  prescribe(1, 6, wrong);
  const auto outcome = outcomes_for(1).back();
  EXPECT_EQ(outcome.id(), 6U);
  EXPECT_GE(outcome.refused().details_size(), 3);
  let_pass(units::milliseconds(50));
  EXPECT_EQ(control_.seen.size(), 1U);
  EXPECT_EQ((*file_.load())->load(), units::newtons(100));
}

TEST_F(ADesk, KeepsTheOldPrescriptionWhenControlRefusesTheNewOne) {
  hello(1, v1::ROLE_CONSOLE);
  prescribe(1, 5, 100);
  let_pass(units::milliseconds(50));
  control_.answer = [](const session::Intent&) { return rehab::RefusalCode::AlreadyRunning; };
  prescribe(1, 6, 120);
  let_pass(units::milliseconds(50));
  EXPECT_EQ(outcomes_for(1).back().refused().code(), "already_running");
  EXPECT_EQ((*file_.load())->load(), units::newtons(100));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder_.path()}, {}), 1);
}

TEST_F(ADesk, RefusesAPrescriptionThatCannotBeStored) {
  const PrescriptionFile nowhere{folder_.path() / "missing" / "prescription.json"};
  Desk desk{{}, *channels_, nowhere, outbox_, aside_};
  desk.arrived(9, now_);
  v1::ClientFrame frame;
  frame.mutable_hello()->set_protocol_version(1);
  frame.mutable_hello()->set_role(v1::ROLE_CONSOLE);
  desk.received(9, frame.SerializeAsString(), now_);
  *frame.mutable_command()->mutable_set_prescription()->mutable_prescription() = message_of(a_prescription());
  desk.received(9, frame.SerializeAsString(), now_);
  EXPECT_EQ(outcomes_for(9).back().refused().code(), "storage_failed");
  EXPECT_EQ(channels_->intents.read_available(), 0U) << "what cannot be kept does not come into force";
}

TEST_F(ADesk, ServesEverybodyWhileTheDiskTakesItsTime) {
  hello(1, v1::ROLE_CONSOLE);
  disk_is_slow_ = true;
  prescribe(1, 5, 110);
  prescribe(1, 6, 120);
  EXPECT_EQ(outcomes_for(1).back().refused().code(), "busy") << "one at a time";
  stop(1, 7);
  outbox_.news.clear();
  let_pass(units::milliseconds(1000));
  EXPECT_EQ(control_.stops, 1);
  EXPECT_EQ(outcomes_for(1).back().id(), 7U);
  EXPECT_GE(outbox_.news[1].size(), 33U);
  EXPECT_TRUE(control_.seen.empty()) << "what is not on the disk does not come into force";

  let_the_disk_finish();  // staged
  let_pass(units::milliseconds(50));
  EXPECT_EQ(control_.seen.size(), 1U);
  EXPECT_EQ(outcomes_for(1).back().id(), 7U) << "in force, but not kept yet";
  prescribe(1, 8, 130);
  EXPECT_EQ(outcomes_for(1).back().refused().code(), "busy");

  let_the_disk_finish();  // committed
  EXPECT_EQ(outcomes_for(1).back().id(), 5U);
  EXPECT_TRUE(outcomes_for(1).back().has_applied());
  EXPECT_EQ((*file_.load())->load(), units::newtons(110));
}

TEST_F(ADesk, TellsWhenAPrescriptionIsInForceButCouldNotBeKept) {
  hello(1, v1::ROLE_CONSOLE);
  prescribe(1, 5, 100);
  std::filesystem::remove_all(folder_.path());
  let_pass(units::milliseconds(50));
  EXPECT_EQ(outcomes_for(1).back().refused().code(), "not_kept");
  EXPECT_TRUE(outbox_.got[1][outbox_.got[1].size() - 2].has_prescription()) << "in force all the same";
}

TEST_F(ADesk, TakesTheKeptPrescriptionToControlAtTheStart) {
  ASSERT_TRUE(file_.stage(a_prescription(130)));
  ASSERT_TRUE(file_.commit());
  desk_.restore(now_);
  let_pass(units::milliseconds(50));
  hello(1, v1::ROLE_VIEWER);
  EXPECT_EQ(outbox_.got[1][0].welcome().prescription().load_n(), 130);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "prescription.json"));
}

TEST_F(ADesk, LoadsNothingFromADamagedFileAndSaysSoToWhoAsks) {
  write_text(folder_.path() / "prescription.json", "{ not json");
  desk_.restore(now_);
  let_pass(units::milliseconds(50));
  EXPECT_TRUE(control_.seen.empty());
  hello(1, v1::ROLE_VIEWER);
  command(1, 1, [](v1::Command& c) { c.mutable_get_prescription(); });
  const auto outcome = outcomes_for(1).back();
  EXPECT_EQ(outcome.refused().code(), "no_prescription");
  EXPECT_THAT(outcome.refused().why(), HasSubstr("damaged"));
}

TEST_F(ADesk, LetsAViewerStopAndLookAndNothingElse) {
  hello(1, v1::ROLE_VIEWER);
  start(1, 1);
  prescribe(1, 2, 100);
  command(1, 3, [](v1::Command& c) { c.mutable_reset(); });
  command(1, 4, [](v1::Command& c) { c.mutable_end_session(); });
  for (const v1::Outcome& outcome : outcomes_for(1))
    EXPECT_EQ(outcome.refused().code(), "not_allowed_for_role");
  EXPECT_EQ(outcomes_for(1).size(), 4U);
  stop(1, 5);
  let_pass(units::milliseconds(50));
  EXPECT_TRUE(outcomes_for(1).back().has_applied());
  EXPECT_EQ(control_.stops, 1);
  EXPECT_TRUE(control_.seen.empty());
}

TEST_F(ADesk, LetsAPatientsScreenClearOnlyWhatAPatientMay) {
  hello(1, v1::ROLE_PATIENT);
  hello(2, v1::ROLE_CONSOLE);
  command(1, 1, [](v1::Command& c) { c.mutable_reset(); });
  command(2, 1, [](v1::Command& c) { c.mutable_reset(); });
  start(1, 2);
  let_pass(units::milliseconds(50));
  ASSERT_EQ(control_.seen.size(), 2U);
  EXPECT_EQ(std::get<session::Reset>(control_.seen[0].body).level, safety::LatchLevel::Patient);
  EXPECT_EQ(std::get<session::Reset>(control_.seen[1].body).level, safety::LatchLevel::Therapist);
  EXPECT_EQ(outcomes_for(1)[0].refused().code(), "not_allowed_for_role");
}

TEST_F(ADesk, RefusesWithinASecondWhenControlIsSilent) {
  hello(1, v1::ROLE_CONSOLE);
  control_alive_ = false;
  start(1, 1);
  stop(1, 2);
  let_pass(units::milliseconds(1010));
  ASSERT_EQ(outcomes_for(1).size(), 2U);
  EXPECT_EQ(outcomes_for(1)[0].refused().code(), "control_silent");
  EXPECT_EQ(outcomes_for(1)[1].refused().code(), "control_silent");
  control_alive_ = true;
  let_pass(units::milliseconds(100));
  EXPECT_EQ(outcomes_for(1).size(), 2U) << "told once, whatever comes late";
  EXPECT_EQ(control_.stops, 1) << "the stop stood until control came back";
}

TEST_F(ADesk, RefusesAFloodAsBusyAndAnswersAllOfIt) {
  hello(1, v1::ROLE_CONSOLE);
  for (std::uint64_t id = 1; id <= 500; ++id) start(1, id);
  hello(2, v1::ROLE_CONSOLE);
  start(2, 1);
  let_pass(units::milliseconds(1000));
  EXPECT_EQ(outcomes_for(1).size(), 500U);
  EXPECT_LE(control_.seen.size(), 17U);
  EXPECT_TRUE(outcomes_for(2).back().has_applied()) << "one client's flood leaves room for another";
}

TEST_F(ADesk, SaysGoodbyeToEverybodyWhenItCloses) {
  hello(1, v1::ROLE_VIEWER);
  hello(2, v1::ROLE_CONSOLE);
  desk_.close();
  EXPECT_EQ(goodbye_for(1), "ending");
  EXPECT_EQ(goodbye_for(2), "ending");
}

TEST_F(ADesk, AnswersNobodyWhoHasLeft) {
  hello(1, v1::ROLE_CONSOLE);
  start(1, 1);
  desk_.left(1);
  outbox_.got.clear();
  let_pass(units::milliseconds(100));
  EXPECT_TRUE(outbox_.got[1].empty());
}

}  // namespace
}  // namespace plinth::service
