// The service on a real socket, in real time, with a control thread of few words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "controller/service/service.hpp"
#include "hmi/client/client.hpp"
#include "tests/service/fake_control.hpp"
#include "tests/service/temporary_folder.hpp"

namespace plinth::service {
namespace {

using client::Client;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A daemon without a machine.
class ServedStation {
 public:
  explicit ServedStation(const std::filesystem::path& folder)
      : socket{folder / "plinthd.sock"},
        service_{io_, {.socket = socket, .prescription_file = folder / "prescription.json"}, *channels_} {
    service_.start();
    control_thread_ = std::thread{[this] {
      FakeControl control{*channels_};
      while (!channels_->quit) {
        control.cycle();
        stops = control.stops;
        std::this_thread::sleep_for(milliseconds{10});
      }
    }};
    io_thread_ = std::thread{[this] { io_.run(); }};
  }
  ServedStation(const ServedStation&) = delete;
  ServedStation& operator=(const ServedStation&) = delete;
  ~ServedStation() {
    stop_service();
    io_thread_.join();
    channels_->quit = true;
    control_thread_.join();
  }

  void stop_service() {
    boost::asio::post(io_, [this] { service_.stop(); });
  }
  [[nodiscard]] Client client(v1::Role role) const {
    auto connected = Client::connect(socket.string(), role, "a test");
    EXPECT_TRUE(connected) << connected.error().what;
    return std::move(*connected);
  }

  const std::filesystem::path socket;
  std::atomic<int> stops{0};

 private:
  std::unique_ptr<cycle::Channels> channels_ = std::make_unique<cycle::Channels>();
  boost::asio::io_context io_;
  Service service_;
  std::thread control_thread_;
  std::thread io_thread_;
};

// A client that decides itself what it sends, and whether it reads.
class RawClient {
 public:
  explicit RawClient(const std::filesystem::path& socket)
      : fd_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket.c_str(), sizeof(address.sun_path) - 1);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    const timeval patience{.tv_sec = 2, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() { ::close(fd_); }

  bool send(const std::string& bytes) const {
    return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  bool send(const v1::ClientFrame& frame) const {
    std::string bytes;
    proto::append_frame(bytes, frame.SerializeAsString());
    return send(bytes);
  }
  void hello(v1::Role role) const {
    v1::ClientFrame frame;
    frame.mutable_hello()->set_protocol_version(1);
    frame.mutable_hello()->set_role(role);
    EXPECT_TRUE(send(frame));
  }
  // Everything until the server hangs up (or nothing comes for two seconds).
  [[nodiscard]] std::vector<v1::ServerFrame> read_to_the_end() const {
    proto::FrameReader reader{proto::LongestFromServer};
    std::array<char, 4096> buffer{};
    std::vector<v1::ServerFrame> frames;
    for (ssize_t size = 0; (size = ::recv(fd_, buffer.data(), buffer.size(), 0)) > 0;) {
      reader.feed({buffer.data(), static_cast<std::size_t>(size)});
      for (auto body = reader.next(); body && *body; body = reader.next()) {
        EXPECT_TRUE(frames.emplace_back().ParseFromString(std::string{**body}));
      }
    }
    return frames;
  }

 private:
  int fd_;
};

int telemetry_frames_in(Client& client, milliseconds time) {
  int frames = 0;
  for (const auto end = Clock::now() + time; Clock::now() < end;) {
    const auto frame = client.next(milliseconds{50});
    if (!frame) return -1;
    if (*frame && (*frame)->has_telemetry()) ++frames;
  }
  return frames;
}

v1::Command a_start() {
  v1::Command command;
  command.mutable_start();
  return command;
}
v1::Command a_stop() {
  v1::Command command;
  command.mutable_stop();
  return command;
}

TEST(TheSocket, WelcomesShowsTheStateManyTimesASecondAndAnswersCommands) {
  const TemporaryFolder folder;
  const ServedStation station{folder.path()};
  Client console = station.client(v1::ROLE_CONSOLE);
  EXPECT_EQ(console.welcome().phases_size(), 4);
  EXPECT_GE(telemetry_frames_in(console, milliseconds{1000}), 25);
  v1::Command command;
  auto* prescription = command.mutable_set_prescription()->mutable_prescription();
  prescription->set_phase(v1::PHASE_STRENGTH);
  prescription->mutable_person()->set_mass_kg(78);
  const auto outcome = console.ask(command);
  ASSERT_TRUE(outcome) << outcome.error().what;
  EXPECT_TRUE(outcome->has_applied());
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "prescription.json"));
}

TEST(TheSocket, HonoursAStopFromAViewer) {
  const TemporaryFolder folder;
  const ServedStation station{folder.path()};
  Client viewer = station.client(v1::ROLE_VIEWER);
  EXPECT_EQ(viewer.ask(a_start())->refused().code(), "not_allowed_for_role");
  EXPECT_TRUE(viewer.ask(a_stop())->has_applied());
  EXPECT_EQ(station.stops, 1);
}

TEST(TheSocket, EndsTheSetWhenTheOnlyConsoleIsKilled) {
  const TemporaryFolder folder;
  const ServedStation station{folder.path()};
  {
    Client console = station.client(v1::ROLE_CONSOLE);
    EXPECT_TRUE(console.ask(a_start())->has_applied());
  }
  Client viewer = station.client(v1::ROLE_VIEWER);
  EXPECT_GT(telemetry_frames_in(viewer, milliseconds{1000}), 0);
  EXPECT_EQ(station.stops, 0);
  EXPECT_GT(telemetry_frames_in(viewer, milliseconds{1500}), 0);
  EXPECT_GE(station.stops, 1);
}

TEST(TheSocket, IsNeitherSlowedNorFilledByClientsThatDoNotRead) {
  const TemporaryFolder folder;
  const ServedStation station{folder.path()};
  std::vector<std::unique_ptr<RawClient>> asleep;
  for (int i = 0; i < 20; ++i) {
    asleep.push_back(std::make_unique<RawClient>(station.socket));
    asleep.back()->hello(v1::ROLE_VIEWER);
  }
  Client awake = station.client(v1::ROLE_VIEWER);
  EXPECT_GE(telemetry_frames_in(awake, milliseconds{1000}), 25);
  const auto before = ::mallinfo2().uordblks;
  EXPECT_GE(telemetry_frames_in(awake, milliseconds{3000}), 75);
  const auto grown = static_cast<std::int64_t>(::mallinfo2().uordblks) - static_cast<std::int64_t>(before);
  EXPECT_LT(grown, 100'000) << "3 s of telemetry for 20 sleepers are about 1 MB";
}

TEST(TheSocket, CutsOffAClientThatAsksAndNeverReads) {
  const TemporaryFolder folder;
  const ServedStation station{folder.path()};
  const RawClient flood{station.socket};
  flood.hello(v1::ROLE_VIEWER);
  v1::ClientFrame frame;
  frame.mutable_command()->mutable_get_prescription();
  bool cut_off = false;
  for (int i = 0; i < 200'000 && !cut_off; ++i) cut_off = !flood.send(frame);
  EXPECT_TRUE(cut_off);
  Client other = station.client(v1::ROLE_VIEWER);
  EXPECT_GE(telemetry_frames_in(other, milliseconds{1000}), 25);
}

TEST(TheSocket, SaysWhyItHangsUpOnGarbageAndServesOn) {
  const TemporaryFolder folder;
  const ServedStation station{folder.path()};
  const RawClient garbage{station.socket};
  ASSERT_TRUE(garbage.send(std::string(64, '\xFF')));
  const auto frames = garbage.read_to_the_end();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].goodbye().reason().code(), "malformed");

  const RawClient too_large{station.socket};
  too_large.hello(v1::ROLE_VIEWER);
  ASSERT_TRUE(too_large.send(std::string{"\xFF\xFF\x7F"}));
  EXPECT_EQ(too_large.read_to_the_end().back().goodbye().reason().code(), "too_large");

  Client other = station.client(v1::ROLE_VIEWER);
  EXPECT_GT(telemetry_frames_in(other, milliseconds{200}), 0);
}

TEST(TheSocket, SaysGoodbyeAndIsGoneWhenTheServiceStops) {
  const TemporaryFolder folder;
  ServedStation station{folder.path()};
  const RawClient viewer{station.socket};
  viewer.hello(v1::ROLE_VIEWER);
  std::this_thread::sleep_for(milliseconds{50});
  station.stop_service();
  EXPECT_EQ(viewer.read_to_the_end().back().goodbye().reason().code(), "ending");
  EXPECT_FALSE(std::filesystem::exists(station.socket));
}

TEST(TheSocket, BelongsToOwnerAndGroupAlone) {
  const TemporaryFolder folder;
  const ServedStation station{folder.path()};
  struct stat status{};
  ASSERT_EQ(::stat(station.socket.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0660U);
}

TEST(TheSocket, OfADaemonThatWasKilledIsTakenOver) {
  const TemporaryFolder folder;
  {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, (folder.path() / "plinthd.sock").c_str(), sizeof(address.sun_path) - 1);
    const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    ::close(dead);
  }
  const ServedStation station{folder.path()};
  Client viewer = station.client(v1::ROLE_VIEWER);
  EXPECT_GT(telemetry_frames_in(viewer, milliseconds{200}), 0);
}

std::string reason_not_to_start(const std::filesystem::path& socket, const std::filesystem::path& folder) {
  boost::asio::io_context io;
  const auto channels = std::make_unique<cycle::Channels>();
  Service service{io, {.socket = socket, .prescription_file = folder / "prescription.json"}, *channels};
  try {
    service.start();
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "";
}

TEST(TheSocket, OfALivingDaemonIsLeftAlone) {
  const TemporaryFolder folder;
  const ServedStation station{folder.path()};
  EXPECT_THAT(reason_not_to_start(station.socket, folder.path()), HasSubstr("another plinthd"));
  Client viewer = station.client(v1::ROLE_VIEWER);
  EXPECT_GT(telemetry_frames_in(viewer, milliseconds{200}), 0);
}

TEST(TheSocket, NeverTakesThePlaceOfAFileThatIsNoSocket) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "precious.txt";
  write_text(path, "precious");
  EXPECT_THAT(reason_not_to_start(path, folder.path()), HasSubstr("something else"));
  EXPECT_EQ(text_in(path), "precious");
}

TEST(TheSocket, RefusesAPathThatIsTooLongInWords) {
  const TemporaryFolder folder;
  EXPECT_THAT(reason_not_to_start(folder.path() / std::string(120, 'x'), folder.path()), HasSubstr("107"));
  EXPECT_THAT(reason_not_to_start(folder.path() / "missing" / "plinthd.sock", folder.path()),
              HasSubstr("No such file"));
}

}  // namespace
}  // namespace plinth::service
