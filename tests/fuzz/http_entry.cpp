// One connection to the gateway, whatever comes over it: answers are HTTP, pages are those that were there at
// the start, and the WebSocket opens for an allowed origin only.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <exception>
#include <fstream>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "hmi/gateway/http.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/scratch.hpp"

namespace {

using namespace plinth;
using fuzz::require;
namespace asio = boost::asio;

constexpr std::string_view Page = "<!doctype html><title>Plinth</title>";
constexpr std::string_view Script = "console.log('plinth')";
constexpr std::string_view OwnOrigin = "http://127.0.0.1:8080";

gateway::Site site() {
  const fuzz::Scratch folder;
  std::filesystem::create_directory(folder.path() / "assets");
  std::ofstream{folder.path() / "index.html"} << Page;
  std::ofstream{folder.path() / "assets" / "page-1.js"} << Script;
  auto read = gateway::Site::read(folder.path());
  require(read.has_value(), "the page can be read");
  return std::move(*read);
}

// What the gateway says to these bytes, until it or we have hung up.
std::string said_to(std::string_view bytes) {
  static const gateway::Site pages = site();
  gateway::Context context{.site = pages,
                           .origins = gateway::Origins{{}, {.host = "127.0.0.1", .port = 8080}},
                           .socket = "/nowhere/plinthd.sock",
                           .log = [](const std::string&) {}};
  std::array<int, 2> ends{};
  require(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0, "two ends");
  const int room = 1 << 20;
  (void)::setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  (void)::setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  require(::send(ends[1], bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()),
          "all of it is on its way");
  ::shutdown(ends[1], SHUT_WR);
  bool over = false;
  {
    asio::io_context io{1};
    asio::ip::tcp::socket socket{io, asio::ip::tcp::v4(), ends[0]};
    asio::co_spawn(io, gateway::serve_http(std::move(socket), context),
                   [&](const std::exception_ptr& failure) {
                     require(failure == nullptr, "a connection ends without an exception");
                     over = true;
                   });
    io.run_for(std::chrono::seconds{4});
    require(over, "a connection that has nothing more to say is ended");
  }
  require(context.viewers.empty(), "no viewer is left behind");
  std::string said;
  std::array<char, 65536> buffer{};
  for (ssize_t size = 0; (size = ::recv(ends[1], buffer.data(), buffer.size(), MSG_DONTWAIT)) > 0;) {
    said.append(buffer.data(), static_cast<std::size_t>(size));
  }
  ::close(ends[1]);
  return said;
}

// One answer off the front; the status.
int take_answer(std::string_view& said) {
  require(said.starts_with("HTTP/1.") && said.size() > 12, "an answer is HTTP");
  const int status = (said[9] - '0') * 100 + (said[10] - '0') * 10 + (said[11] - '0');
  const auto end = said.find("\r\n\r\n");
  require(end != std::string_view::npos, "an answer's header ends");
  const std::string_view header = said.substr(0, end + 2);
  said.remove_prefix(end + 4);
  if (status == 101) return status;
  require(header.find("\r\nX-Content-Type-Options: nosniff\r\n") != std::string_view::npos,
          "every answer carries the page's rules");
  const auto length_at = header.find("\r\nContent-Length: ");
  std::size_t length = 0;
  if (length_at != std::string_view::npos && status != 304) {
    length = std::stoul(std::string{header.substr(length_at + 18)});
  }
  const bool has_body = said.size() >= length && !(said.starts_with("HTTP/1.") && length > 0);
  const std::string_view body = has_body ? said.substr(0, length) : std::string_view{};  // none for HEAD
  if (status == 200 && !body.empty()) {
    require(body == Page || body == Script, "a page is one that was there at the start");
  }
  said.remove_prefix(body.size());
  return status;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes in{data, size};
  const auto bytes = in.all();
  const std::string said = said_to(fuzz::as_text(bytes));
  for (std::string_view rest = said; !rest.empty();) {
    const int status = take_answer(rest);
    require(status == 101 || status == 200 || status == 304 || status == 400 || status == 403 ||
                status == 404 || status == 405 || status == 413 || status == 431,
            "an answer is one of those that the gateway gives");
    if (status == 101) {
      const std::string_view asked = fuzz::as_text(bytes);
      require(asked.find(OwnOrigin) != std::string_view::npos ||
                  asked.find("http://localhost:8080") != std::string_view::npos,
              "the WebSocket opens for an allowed origin only");
      require(asked.find("plinth.v1") != std::string_view::npos, "and in its own language");
      break;  // what follows is WebSocket
    }
  }
  return 0;
}
