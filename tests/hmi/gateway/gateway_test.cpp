#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/hmi/gateway/gateway_fixture.hpp"

namespace plinth::gateway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

std::string telemetry(std::size_t number, std::size_t size = 300) {
  std::string frame = "\x12" + std::to_string(number) + ";";
  frame.resize(std::max(size, frame.size()), '.');
  return frame;
}
std::size_t number_of(const std::string& frame) {
  return std::stoul(frame.substr(1));
}

// ------------------------------------------------------------------------------------------------ pages

TEST_F(GatewayTest, ServesThePageUnderItsViews) {
  Browser page = browser();
  for (const auto* const path : {"/", "/patient", "/console?x"}) {
    const auto answer = page.get(path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_THAT(answer.body, HasSubstr("<title>Plinth"));
  }
  EXPECT_EQ(page.get("/assets/page-1.js").headers.at("content-type"), "text/javascript; charset=utf-8");
}

TEST_F(GatewayTest, TellsTheBrowserToTrustNothingElse) {
  const auto headers = browser().get("/").headers;
  EXPECT_THAT(headers.at("content-security-policy"), HasSubstr("default-src 'none'"));
  EXPECT_THAT(headers.at("content-security-policy"), HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(headers.at("content-security-policy"), Not(HasSubstr("unsafe")));
  EXPECT_EQ(headers.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(headers.at("referrer-policy"), "no-referrer");
  EXPECT_EQ(headers.at("cross-origin-opener-policy"), "same-origin");
  EXPECT_EQ(browser().get("/nowhere").headers.at("x-content-type-options"), "nosniff") << "on refusals too";
}

TEST_F(GatewayTest, SendsAPageOnceAndThenOnlySaysThatItIsTheSame) {
  Browser page = browser();
  const auto tag = page.get("/").headers.at("etag");
  const auto again = page.get("/", "If-None-Match: " + tag + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(page.get("/", "If-None-Match: \"other\"\r\n").status, 200);
}

TEST_F(GatewayTest, AnswersHeadWithoutABody) {
  Browser page = browser();
  const auto answer = page.request("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", false);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-length"), "36");
  EXPECT_EQ(page.get("/nowhere").status, 404) << "the connection is still in step";
}

TEST_F(GatewayTest, OpensNoFileForARequest) {
  for (const auto* const path :
       {"/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "//etc/passwd", "/assets/../../d.sock",
        "/index.html/", "/.git/config", "http://127.0.0.1/etc/passwd"}) {
    EXPECT_EQ(browser().get(path).status, 404) << path;
  }
}

TEST_F(GatewayTest, TakesNothingFromARequest) {
  for (const auto* const method : {"PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"}) {
    const auto answer = browser().request(std::string{method} + " / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(answer.headers.at("allow"), "GET, HEAD");
  }
  EXPECT_EQ(browser().request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello").status, 413);
}

TEST_F(GatewayTest, EndsAConnectionWhoseHeaderIsTooLong) {
  const auto answer = browser().get("/", "X: " + std::string(9000, 'x') + "\r\n");
  EXPECT_EQ(answer.status, 431);
}

TEST_F(GatewayTest, AnswersWhatIsNoHttpAndEndsIt) {
  Browser page = browser();
  EXPECT_EQ(page.request("GIMME THE PAGE\r\n\r\n").status, 400);
  EXPECT_TRUE(page.is_over());
}

TEST_F(GatewayTest, DoesNotWaitForAHeaderThatNeverEnds) {
  Browser page = browser();
  page.socket().send("GET / HTTP/1.1\r\nHost:");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(page.is_over());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 4500ms);
}

TEST_F(GatewayTest, TurnsAwayWhoComesWhenAllPlacesAreTaken) {
  std::vector<Browser> pages;
  for (int i = 0; i < 64; ++i) pages.push_back(browser());
  for (auto& page : pages) EXPECT_EQ(page.get("/").status, 200);
  EXPECT_EQ(browser().request("").status, 503);
  pages.clear();
  // A place is free again once the gateway has seen that somebody left.
  int status = 0;
  for (int i = 0; i < 100 && status != 200; ++i) {
    status = browser().get("/").status;
    if (status != 200) std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(status, 200);
}

// ----------------------------------------------------------------------------------------------- origins

TEST_F(GatewayTest, OpensForItsOwnPage) {
  const auto answer = browser().open(origin());
  EXPECT_EQ(answer.status, 101);
  EXPECT_EQ(answer.headers.at("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
      << "RFC 6455, section 1.3";
  EXPECT_EQ(answer.headers.at("sec-websocket-protocol"), "plinth.v1");
  EXPECT_FALSE(answer.headers.contains("sec-websocket-extensions")) << "no compression";
  EXPECT_EQ(browser().open("http://localhost:" + std::to_string(endpoint_.port)).status, 101);
}

TEST_F(GatewayTest, ShutsOutForeignPages) {
  const std::string port = std::to_string(endpoint_.port);
  for (const std::string& foreign :
       {std::string{}, std::string{"null"}, std::string{"http://evil.example"}, "https://127.0.0.1:" + port,
        "http://127.0.0.1:" + port + ".evil.example", std::string{"http://127.0.0.1:1"},
        "http://LOCALHOST:" + port}) {
    EXPECT_EQ(browser().open(foreign).status, 403) << foreign;
  }
}

TEST_F(GatewayTest, ShutsOutARequestWithTwoOrigins) {
  Browser page = browser();
  const auto answer =
      page.get("/ws",
               "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: plinth.v1\r\n"
               "Origin: http://evil.example\r\nOrigin: " +
                   origin() + "\r\n");
  EXPECT_EQ(answer.status, 403);
}

TEST_F(GatewayTest, AsksForItsSubprotocol) {
  EXPECT_EQ(browser().open(origin(), "").status, 400);
  EXPECT_EQ(browser().open(origin(), "plinth.v2").status, 400);
  EXPECT_EQ(browser().open(origin(), "other, plinth.v1").status, 101);
}

TEST_F(GatewayTest, HasOneDoorOnly) {
  EXPECT_EQ(browser().open(origin(), "plinth.v1", "/other").status, 404);
}

// ---------------------------------------------------------------------------------------------- messages

TEST_F(GatewayTest, CarriesMessagesBothWaysUnchanged) {
  auto [page, daemon] = viewer();
  const std::string hello{"\x0A\x02\x08\x01 and \0 zero", 16};
  page.send(hello);
  EXPECT_EQ(daemon->receive_frame(), hello);
  const std::string large(60'000, 'c');
  page.send(large);
  EXPECT_EQ(daemon->receive_frame(), large);

  daemon->send_frame("\x0Awelcome");
  daemon->send_frame("\x1Aoutcome");
  EXPECT_EQ(page.receive()->payload, "\x0Awelcome");
  const auto outcome = page.receive();
  EXPECT_EQ(outcome->payload, "\x1Aoutcome");
  EXPECT_EQ(outcome->opcode, 2) << "binary";
}

TEST_F(GatewayTest, GivesEachViewerItsOwnConnection) {
  auto [one, daemon_of_one] = viewer();
  auto [two, daemon_of_two] = viewer();
  one.send("one");
  two.send("two");
  EXPECT_EQ(daemon_of_one->receive_frame(), "one");
  EXPECT_EQ(daemon_of_two->receive_frame(), "two");
  daemon_of_two->send_frame("\x1A to two");
  EXPECT_EQ(two.receive()->payload, "\x1A to two");
}

TEST_F(GatewayTest, TellsTheDaemonAtOnceThatAViewerVanished) {
  auto [page, daemon] = viewer();
  {
    const Browser vanishing = std::move(page);
  }
  EXPECT_EQ(daemon->receive_frame(), std::nullopt);
}

TEST_F(GatewayTest, TakesOnlyBinaryMessages) {
  auto [page, daemon] = viewer();
  page.send("text", 1);
  EXPECT_EQ(page.receive()->close_code(), 1003);
}

TEST_F(GatewayTest, TakesOnlyMaskedMessages) {
  auto [page, daemon] = viewer();
  page.send("bare", 2, false);
  const auto answer = page.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->close_code(), 1002);
  {
    const Browser leaving = std::move(page);
  }
  EXPECT_EQ(daemon->receive_frame(), std::nullopt) << "and it went nowhere";
}

TEST_F(GatewayTest, TakesNoMessageAbove64KiB) {
  auto [page, daemon] = viewer();
  page.send(std::string(64 * 1024 + 1, 'x'));
  EXPECT_EQ(page.receive()->close_code(), 1009);
  {
    const Browser leaving = std::move(page);
  }
  EXPECT_EQ(daemon->receive_frame(), std::nullopt);
}

TEST_F(GatewayTest, EndsAFlood) {
  auto [page, daemon] = viewer();
  for (int i = 0; i < 100; ++i) page.send("x");
  EXPECT_EQ(page.receive()->close_code(), 1008);
}

// --------------------------------------------------------------------------------------------- slow viewers

TEST_F(GatewayTest, ASlowViewerSkipsPicturesAndEndsWithTheNewest) {
  auto [page, daemon] = viewer(4096);
  constexpr std::size_t Pictures = 5000;
  for (std::size_t i = 0; i < Pictures; ++i) daemon->send_frame(telemetry(i));

  std::size_t got = 0;
  std::size_t last = 0;
  while (last + 1 < Pictures) {
    const auto message = page.receive();
    ASSERT_TRUE(message);
    const std::size_t number = number_of(message->payload);
    EXPECT_TRUE(got == 0 || number > last) << "never backwards";
    last = number;
    ++got;
  }
  EXPECT_LT(got, Pictures / 2) << "most were replaced, none were kept for later";
}

TEST_F(GatewayTest, ASlowViewerCostsOnlyItself) {
  auto [slow, daemon_of_slow] = viewer(4096);
  auto [quick, daemon_of_quick] = viewer();
  // Megabytes for a page that reads nothing: the daemon is never held up …
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < 5000; ++i) daemon_of_slow->send_frame(telemetry(i, 1000));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
  // … and the other viewer is served meanwhile.
  daemon_of_quick->send_frame(telemetry(7));
  EXPECT_EQ(number_of(quick.receive()->payload), 7U);
}

TEST_F(GatewayTest, AViewerThatLetsAnswersPileUpMustGo) {
  auto [slow, daemon] = viewer(4096);
  const std::string outcome = "\x1A" + std::string(2000, 'o');
  for (int i = 0; i < 2000; ++i) daemon->send_frame(outcome);
  EXPECT_EQ(daemon->receive_frame(), std::nullopt) << "the gateway has let go of it";
}

// ---------------------------------------------------------------------------------------------- plinthd away

TEST_F(GatewayTest, SaysWhenTheDaemonIsNotThere) {
  stop_daemon();
  Browser page = browser();
  ASSERT_EQ(page.open(origin()).status, 101);
  const auto goodbye = page.receive();
  ASSERT_TRUE(goodbye);
  EXPECT_EQ(goodbye->close_code(), 1012);
  EXPECT_EQ(goodbye->close_reason(), "plinthd is not running");
  EXPECT_EQ(browser().get("/").status, 200) << "the page itself is still served";
}

TEST_F(GatewayTest, SaysWhenTheDaemonWentAwayAndPassesItsLastWordsOn) {
  auto [page, daemon] = viewer();
  daemon->send_frame("\x32goodbye");
  daemon->close();
  EXPECT_EQ(page.receive()->payload, "\x32goodbye");
  const auto closed = page.receive();
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->close_code(), 1012);
  EXPECT_EQ(closed->close_reason(), "plinthd closed the connection");
}

TEST_F(GatewayTest, TrustsNothingAfterAFrameThatIsNone) {
  auto [page, daemon] = viewer();
  daemon->socket().send("\xFF\xFF\xFF\xFF\xFF");
  EXPECT_EQ(page.receive()->close_code(), 1011);
}

TEST_F(GatewayTest, SaysGoodbyeToEveryViewerWhenItStops) {
  auto [one, daemon_of_one] = viewer();
  auto [two, daemon_of_two] = viewer();
  const auto begin = std::chrono::steady_clock::now();
  stop_gateway();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1500ms);
  EXPECT_EQ(one.receive()->close_code(), 1001);
  EXPECT_EQ(two.receive()->close_code(), 1001);
  EXPECT_EQ(daemon_of_one->receive_frame(), std::nullopt);
}

TEST_F(GatewayTest, ComesThroughAHundredComingsAndGoings) {
  for (int i = 0; i < 100; ++i) {
    auto [page, daemon] = viewer();
    daemon->send_frame("\x0Awelcome");
    ASSERT_EQ(page.receive()->payload, "\x0Awelcome") << i;
    if (i % 3 == 0) daemon->close();
    if (i % 3 == 1) page.send("", 8);
  }
  EXPECT_EQ(browser().get("/").status, 200);
}

}  // namespace
}  // namespace plinth::gateway
