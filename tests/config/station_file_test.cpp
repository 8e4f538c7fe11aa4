#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "controller/config/station.hpp"

namespace plinth::config {
namespace {

using Kind = Mistake::Kind;
using testing::HasSubstr;

// Nine lines that are all a station needs.
const std::string Smallest =
    "schema = 1\n"                                          // 1
    "station = { name = \"Room 3\", simulation = true }\n"  // 2
    "[drive]\n"                                             // 3
    "link = \"tcp:127.0.0.1:1502\"\n"                       // 4
    "unit = 1\n"                                            // 5
    "[hub]\n"                                               // 6
    "link = \"tcp:127.0.0.1:1502\"\n"                       // 7
    "unit = 2\n"                                            // 8
    "[service]\n"                                           // 9
    "socket = \"plinthd.sock\"\n"                           // 10
    "[prescription]\n"                                      // 11
    "file = \"/var/lib/plinth/next.json\"\n";               // 12

std::string with(std::string text, const std::string& old, const std::string& replacement) {
  const auto at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return text.replace(at, old.size(), replacement);
}

std::vector<Mistake> mistakes_in(const std::string& text) {
  const auto station = station_from(text, "/etc/plinth/station.toml");
  return station ? std::vector<Mistake>{} : station.error();
}

Mistake only_mistake(const std::string& text) {
  const auto mistakes = mistakes_in(text);
  EXPECT_EQ(mistakes.size(), 1U) << text;
  for (const Mistake& mistake : mistakes) EXPECT_FALSE(in_words(mistake).empty()) << in_words(mistake);
  return mistakes.empty() ? Mistake{} : mistakes.front();
}

void expect_place(const Mistake& mistake, std::uint32_t line, std::uint32_t column) {
  EXPECT_EQ(mistake.file, "/etc/plinth/station.toml");
  EXPECT_EQ(mistake.line, line) << in_words(mistake);
  EXPECT_EQ(mistake.column, column) << in_words(mistake);
}

// A folder of its own, gone at the end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "plinth-config-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream{path_ / name, std::ios::binary} << text;
    return path_ / name;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(StationFile, TheExampleIsRight) {
  const auto station = read_station(PLINTH_STATION_EXAMPLE);
  for (const Mistake& mistake : station ? std::vector<Mistake>{} : station.error())
    ADD_FAILURE() << in_words(mistake);
  ASSERT_TRUE(station.has_value());
  const auto folder = std::filesystem::path{PLINTH_STATION_EXAMPLE}.parent_path();

  Station expected;
  expected.name = "Room 3";
  expected.simulation = true;
  expected.drive = {.link = {"127.0.0.1", 1502}, .unit = 1};
  expected.hub = {.link = {"127.0.0.1", 1502}, .unit = 2};
  expected.socket = folder / "plinthd.sock";
  expected.prescription_file = folder / "prescription.json";
  expected.records_folder = folder / "records";
  EXPECT_EQ(*station, expected) << "the example shows the defaults";
}

TEST(StationFile, NeedsOnlyWhatHasNoDefault) {
  const auto station = station_from(Smallest, "/etc/plinth/station.toml");
  ASSERT_TRUE(station.has_value());
  EXPECT_EQ(station->name, "Room 3");
  EXPECT_EQ(station->period, units::milliseconds(10));
  EXPECT_EQ(station->calibration, Calibration{});
  EXPECT_EQ(station->real_time, RealTime{});
}

TEST(StationFile, StartsRelativePathsAtItsOwnFolder) {
  const auto station = station_from(Smallest, "/etc/plinth/station.toml");
  ASSERT_TRUE(station.has_value());
  EXPECT_EQ(station->socket, "/etc/plinth/plinthd.sock");
  EXPECT_EQ(station->prescription_file, "/var/lib/plinth/next.json");
}

TEST(StationFile, PutsTheRecordsBesideThePrescriptionUnlessAFolderIsNamed) {
  const auto unnamed = station_from(Smallest, "/etc/plinth/station.toml");
  ASSERT_TRUE(unnamed.has_value());
  EXPECT_EQ(unnamed->records_folder, "/var/lib/plinth/records");
  const auto named =
      station_from(Smallest + "[records]\nfolder = \"/srv/records/\"\n", "/etc/plinth/station.toml");
  ASSERT_TRUE(named.has_value());
  EXPECT_EQ(named->records_folder, "/srv/records/");
}

TEST(StationFileMistakes, AFileIsNoFolderForTheRecords) {
  const Folder folder;
  const auto file = folder.write("notes.txt", "ours");
  const Mistake mistake = only_mistake(Smallest + "[records]\nfolder = \"" + file.string() + "\"\n");
  EXPECT_EQ(mistake.kind, Kind::OutsideRange);
  EXPECT_EQ(mistake.key, "records.folder");
}

TEST(StationFile, GivesQuantitiesOutOfItsNumbers) {
  const auto station =
      station_from(Smallest +
                       "[control]\nperiod_ms = 20\n"
                       "[calibration]\npresence_threshold_n = 120\n"
                       "second_offset_deg = 2\npad_half_length_m = 0.25\npad_half_width_m = 0.1\n"
                       "strap_left = { gain = 1.01, offset_n = -2.5 }\n"
                       "pad_rear_right = { gain = 0.99 }\n"
                       "[realtime]\nrequire = true\ncpu = 1\n",
                   "station.toml");
  ASSERT_TRUE(station.has_value());
  EXPECT_EQ(station->period, units::milliseconds(20));
  const Calibration& calibration = station->calibration;
  EXPECT_EQ(calibration.presence_threshold, units::newtons(120));
  EXPECT_EQ(calibration.second_offset, units::degrees(2));
  EXPECT_EQ(calibration.pad_half_length, units::metres(0.25));
  EXPECT_EQ(calibration.pad_half_width, units::metres(0.1));
  EXPECT_EQ(calibration.strap_left, (ChannelCalibration{1.01, units::newtons(-2.5)}));
  EXPECT_EQ(calibration.strap_right, ChannelCalibration{});
  EXPECT_EQ(calibration.pads.at(3), (ChannelCalibration{0.99, units::newtons(0)}));
  EXPECT_EQ(station->real_time, (RealTime{true, 1}));
}

TEST(StationFile, LeavesTheHmisTableToTheHmi) {
  EXPECT_TRUE(mistakes_in(Smallest + "[hmi]\nlisten = 1\nanything = { at = [\"all\"] }\n").empty());
  EXPECT_EQ(only_mistake("hmi = \"127.0.0.1:8080\"\n" + Smallest).kind, Kind::WrongType);
}

TEST(StationFileMistakes, AreToldAllAtOnceInTheOrderOfTheLines) {
  const auto mistakes = mistakes_in(
      "schema = 2\n"
      "[station]\n"
      "name = \"\"\n"
      "simulation = \"yes\"\n"
      "[control]\n"
      "period_ms = 100\n"
      "periode = 3\n"
      "[drive]\n"
      "link = \"127.0.0.1:1502\"\n"
      "[hub]\n"
      "link = \"tcp:127.0.0.1:1502\"\n"
      "unit = 1.5\n"
      "[service]\n"
      "socket = \"plinthd.sock\"\n"
      "[calibration]\n"
      "strap_left = { gain = 5, ofset_n = 3 }\n");
  std::vector<std::string> words;
  for (const Mistake& mistake : mistakes) words.push_back(in_words(mistake));
  EXPECT_THAT(
      words,
      testing::ElementsAre(
          HasSubstr("station.toml:1:10: schema is 2. Allowed: the number 1."),
          HasSubstr("station.toml:3:8: station.name is \"\". Allowed: 1 to 64 bytes of text on one line."),
          HasSubstr("station.toml:4:14: station.simulation is \"yes\". Allowed: true or false."),
          HasSubstr("station.toml:6:13: control.period_ms is 100. Allowed: a whole number from 2 to 50 ms."),
          HasSubstr("station.toml:7:1: control.periode is not known."),
          HasSubstr("station.toml:8:1: drive.unit is missing. Allowed: a whole number from 1 to 247."),
          HasSubstr("station.toml:9:8: drive.link is \"127.0.0.1:1502\". Allowed: \"tcp:HOST:PORT\""),
          HasSubstr("station.toml:12:8: hub.unit is 1.5. Allowed: a whole number from 1 to 247."),
          HasSubstr("station.toml:16:23: calibration.strap_left.gain is 5. Allowed: a number from 0.5 to 2."),
          HasSubstr(
              "station.toml:16:26: calibration.strap_left.ofset_n is not known. Allowed: gain, offset_n. "
              "Did you mean calibration.strap_left.offset_n?"),
          HasSubstr("station.toml: [prescription] is missing. Allowed: file.")));
}

TEST(StationFileMistakes, UnknownKeysComeWithAGuess) {
  const Mistake slip = only_mistake(with(Smallest, "[hub]", "[control]\nperiodms = 10\n[hub]"));
  EXPECT_EQ(slip.kind, Kind::UnknownKey);
  EXPECT_EQ(slip.next_step, "Did you mean control.period_ms?");
  expect_place(slip, 7, 1);

  const Mistake elsewhere = only_mistake(with(Smallest, "[hub]", "period_ms = 10\n[hub]"));
  EXPECT_EQ(elsewhere.key, "drive.period_ms");
  EXPECT_EQ(elsewhere.next_step, "It belongs in [control].");

  const Mistake strange = only_mistake("colour = \"red\"\n" + Smallest);
  EXPECT_EQ(strange.next_step, "Take it out, or correct its name.");
  EXPECT_THAT(strange.allowed, HasSubstr("schema, station, control, drive, hub"));
}

TEST(StationFileMistakes, MissingTablesAreToldOnce) {
  const auto mistakes = mistakes_in("schema = 1\n");
  ASSERT_EQ(mistakes.size(), 5U);
  for (const Mistake& mistake : mistakes) EXPECT_EQ(mistake.kind, Kind::Missing);
  EXPECT_EQ(mistakes.front().key, "[station]");
  EXPECT_EQ(mistakes.front().allowed, "name and simulation");
  EXPECT_EQ(mistakes_in("").size(), 6U) << "and the schema";
}

TEST(StationFileMistakes, NoTypeIsTakenForAnother) {
  struct Case {
    const char* old;
    const char* wrong;
    const char* key;
    const char* found;
  };
  for (const Case& c : {Case{"unit = 1", "unit = \"1\"", "drive.unit", "\"1\""},
                        Case{"unit = 1", "unit = 1.0", "drive.unit", "1"},
                        Case{"unit = 1", "unit = true", "drive.unit", "true"},
                        Case{"unit = 1", "unit = [1]", "drive.unit", "a list"},
                        Case{"unit = 1", "unit = { is = 1 }", "drive.unit", "a table"},
                        Case{"unit = 1", "unit = 2026-01-01", "drive.unit", "a date or time"},
                        Case{"simulation = true", "simulation = 1", "station.simulation", "1"},
                        Case{"\"Room 3\"", "3", "station.name", "3"},
                        Case{"\"plinthd.sock\"", "[]", "service.socket", "a list"},
                        Case{"schema = 1", "schema = \"1\"", "schema", "\"1\""}}) {
    const Mistake mistake = only_mistake(with(Smallest, c.old, c.wrong));
    EXPECT_EQ(mistake.kind, Kind::WrongType) << c.wrong;
    EXPECT_EQ(mistake.key, c.key) << c.wrong;
    EXPECT_EQ(mistake.found, c.found) << c.wrong;
    EXPECT_FALSE(mistake.next_step.empty()) << c.wrong;
  }
  EXPECT_EQ(
      only_mistake(with(Smallest, "station = { name = \"Room 3\", simulation = true }", "station = 3")).kind,
      Kind::WrongType);
}

TEST(StationFileMistakes, NumbersEndAtTheirRanges) {
  struct Case {
    const char* table;
    const char* key;
    const char* low;
    const char* below;
    const char* high;
    const char* above;
  };
  for (const Case& c : {Case{"control", "period_ms", "2", "1", "50", "51"},
                        Case{"realtime", "cpu", "0", "-1", "1023", "1024"},
                        Case{"calibration", "presence_threshold_n", "50", "49.9", "300", "300.1"},
                        Case{"calibration", "second_offset_deg", "-30.0", "-inf", "30.0", "inf"},
                        Case{"calibration", "pad_half_length_m", "0.05", "0.049", "1", "1.01"},
                        Case{"calibration", "pad_half_width_m", "0.05", "0", "0.5", "nan"},
                        Case{"calibration", "pad_front_left.gain", "0.5", "0.499", "2", "2.001"},
                        Case{"calibration", "strap_right.offset_n", "-300", "-301", "300", "1e308"}}) {
    const auto text = [&](const char* value) {
      return Smallest + "[" + c.table + "]\n" + c.key + " = " + value + "\n";
    };
    EXPECT_TRUE(mistakes_in(text(c.low)).empty()) << c.key;
    EXPECT_TRUE(mistakes_in(text(c.high)).empty()) << c.key;
    for (const char* const outside : {c.below, c.above}) {
      const Mistake mistake = only_mistake(text(outside));
      EXPECT_EQ(mistake.kind, Kind::OutsideRange) << c.key << " " << outside;
      EXPECT_EQ(mistake.key, std::string{c.table} + "." + c.key);
      EXPECT_EQ(mistake.line, 14U);
    }
  }
  for (const char* const unit : {"0", "248", "-1", "9223372036854775807"}) {
    EXPECT_EQ(only_mistake(with(Smallest, "unit = 1", std::string{"unit = "} + unit)).kind,
              Kind::OutsideRange);
  }
  for (const char* const unit : {"1", "247"}) {
    EXPECT_TRUE(mistakes_in(with(Smallest, "unit = 1", std::string{"unit = "} + unit)).empty());
  }
}

TEST(StationFileMistakes, LinksAreModbusTcp) {
  const Mistake mistake = only_mistake(with(Smallest, "tcp:127.0.0.1:1502", "rtu:/dev/ttyUSB0,115200,8N1"));
  EXPECT_EQ(mistake.kind, Kind::OutsideRange);
  EXPECT_EQ(mistake.key, "drive.link");
  EXPECT_THAT(mistake.next_step, HasSubstr("serial bus needs a Modbus TCP gateway"));
  expect_place(mistake, 4, 8);
}

TEST(StationFileMistakes, TwoUnitsOnOneLinkNeedTwoNumbers) {
  const Mistake same = only_mistake(with(Smallest, "unit = 2", "unit = 1"));
  EXPECT_EQ(same.kind, Kind::Conflict);
  EXPECT_EQ(same.key, "hub.unit");
  expect_place(same, 8, 8);

  std::string other_name = with(Smallest, "tcp:127.0.0.1:1502", "tcp:localhost:1502");
  EXPECT_EQ(only_mistake(with(other_name, "unit = 2", "unit = 1")).kind, Kind::Conflict);
  std::string other_port = with(Smallest, "tcp:127.0.0.1:1502", "tcp:127.0.0.1:1503");
  EXPECT_TRUE(mistakes_in(with(other_port, "unit = 2", "unit = 1")).empty());
}

TEST(StationFileMistakes, AWrongUnitIsNotAlsoAConflict) {
  EXPECT_EQ(only_mistake(with(Smallest, "unit = 2", "unit = 0")).kind, Kind::OutsideRange);
}

TEST(StationFileMistakes, PathsNameFiles) {
  for (const char* const path : {"", "/", "folder/", "/tmp", "a\\u0000b", "a\\nb"}) {
    const Mistake mistake = only_mistake(with(Smallest, "plinthd.sock", path));
    EXPECT_EQ(mistake.kind, Kind::OutsideRange) << path;
    EXPECT_EQ(mistake.key, "service.socket") << path;
  }
  EXPECT_EQ(only_mistake(with(Smallest, "/var/lib/plinth/next.json", "../plinth/plinthd.sock")).kind,
            Kind::Conflict);
}

TEST(StationFileMistakes, ASocketsPathHasRoomForItsFolder) {
  const std::string folder = "/etc/plinth/";
  EXPECT_TRUE(mistakes_in(with(Smallest, "plinthd.sock", std::string(107 - folder.size(), 's'))).empty());
  EXPECT_EQ(only_mistake(with(Smallest, "plinthd.sock", std::string(108 - folder.size(), 's'))).kind,
            Kind::OutsideRange);
}

TEST(StationFileMistakes, NamesFitOnAScreen) {
  EXPECT_TRUE(mistakes_in(with(Smallest, "Room 3", std::string(64, 'R'))).empty());
  for (const std::string& name : {std::string{}, std::string(65, 'R'), std::string{"Room\\t3"}}) {
    EXPECT_EQ(only_mistake(with(Smallest, "Room 3", name)).key, "station.name");
  }
}

TEST(StationFileMistakes, SyntaxIsToldWithItsPlace) {
  struct Case {
    const char* text;
    std::uint32_t line;
  };
  for (const Case& c :
       {Case{"schema = 1\nperiod_ms = 1,5\n", 2}, Case{"schema = 1\nschema = 1\n", 2}, Case{"[drive\n", 1},
        Case{"name = \"Room 3\n", 1}, Case{"name = Room\n", 1},
        Case{"schema = 1\n\nname = \"\xFF\xFE\"\n", 3}, Case{"x = 99999999999999999999\n", 1}}) {
    const Mistake mistake = only_mistake(c.text);
    EXPECT_EQ(mistake.kind, Kind::NotToml) << c.text;
    EXPECT_EQ(mistake.line, c.line) << c.text;
    EXPECT_GT(mistake.column, 0U) << c.text;
    EXPECT_FALSE(mistake.found.empty()) << c.text;
  }
}

TEST(StationFileMistakes, AreFitForATerminal) {
  const Mistake mistake = only_mistake(with(Smallest, "Room 3", "\\u001b[2J" + std::string(1000, 'x')));
  EXPECT_EQ(mistake.found.find('\x1b'), std::string::npos);
  EXPECT_LT(in_words(mistake).size(), 400U);
  for (const char* const text : {"period_ms = 1\b0\n", "\"\\u001b[2J\" = 1\n"}) {
    const Mistake strange = only_mistake(text + Smallest);
    for (const char control : {'\b', '\x1b'})
      EXPECT_EQ(in_words(strange).find(control), std::string::npos) << text;
  }
}

TEST(StationFileMistakes, AFileThatCannotBeReadSaysWhy) {
  const Folder folder;
  const auto unreadable = [](const std::filesystem::path& path) {
    const auto station = read_station(path);
    EXPECT_FALSE(station.has_value());
    EXPECT_EQ(station.error().size(), 1U);
    EXPECT_EQ(station.error().front().kind, Kind::Unreadable);
    return in_words(station.error().front());
  };
  EXPECT_THAT(unreadable(folder.path() / "none.toml"), HasSubstr("there is no such file"));
  EXPECT_THAT(unreadable(folder.path()), HasSubstr("it is a folder"));
  EXPECT_THAT(unreadable(folder.write("large.toml", std::string((1 << 20) + 1, '#'))),
              HasSubstr("larger than 1 MiB"));
}

TEST(StationFile, IsReadFromItsFolder) {
  const Folder folder;
  const auto station = read_station(folder.write("station.toml", Smallest));
  ASSERT_TRUE(station.has_value());
  EXPECT_EQ(station->socket, folder.path() / "plinthd.sock");
}

}  // namespace
}  // namespace plinth::config
