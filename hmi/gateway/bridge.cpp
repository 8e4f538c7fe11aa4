#include "hmi/gateway/bridge.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "hmi/gateway/allowance.hpp"
#include "hmi/gateway/framing.hpp"
#include "hmi/gateway/outbox.hpp"

namespace plinth::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using Unix = asio::local::stream_protocol;
using namespace std::chrono_literals;

constexpr auto Awaitable = asio::as_tuple(asio::use_awaitable);
constexpr auto HandshakeTime = 3s;
// Without any sign of life for so long a viewer is gone; a ping goes out at half of it.
constexpr auto IdleTime = 30s;
// A viewer that does not take its close frame is cut off after this.
constexpr auto FarewellTime = 2s;
// What the kernel holds for a viewer is old by the time it is read: half a second of telemetry, no more.
constexpr int SendBuffer = 16 * 1024;

// RFC 6455, section 7.4.1, and the IANA registry for 1012 and 1013. The page goes by the code: 1012 means
// that the daemon is not there, and nothing else does.
enum Close : std::uint16_t {
  Normal = 1000,
  UnsupportedData = 1003,
  PolicyViolation = 1008,
  InternalError = 1011,
  ServiceRestart = 1012,
  TryAgainLater = 1013,
};

class Bridge final : public Viewer, public std::enable_shared_from_this<Bridge> {
 public:
  Bridge(beast::tcp_stream stream, Context& context)
      : context_{context},
        socket_{std::move(stream)},
        plinthd_{socket_.get_executor()},
        wake_{socket_.get_executor()},
        farewell_{socket_.get_executor()} {
    context_.viewers.insert(this);
  }
  ~Bridge() override {
    context_.viewers.erase(this);
    context_.log("viewer left: " + reason_ + " (" + std::to_string(outbox_.replaced()) +
                 " pictures skipped)");
  }
  Bridge(const Bridge&) = delete;
  Bridge& operator=(const Bridge&) = delete;

  asio::awaitable<bool> accept(const http::request<http::empty_body>& request) {
    beast::get_lowest_layer(socket_).expires_never();  // the WebSocket has its own clock
    beast::error_code ignored;
    beast::get_lowest_layer(socket_).socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
    beast::get_lowest_layer(socket_).socket().set_option(asio::socket_base::send_buffer_size{SendBuffer},
                                                         ignored);
    socket_.set_option(websocket::stream_base::timeout{HandshakeTime, IdleTime, true});
    socket_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
      response.set(http::field::sec_websocket_protocol, Subprotocol);
    }));
    socket_.read_message_max(MostFromClient);
    socket_.auto_fragment(false);
    socket_.binary(true);
    const auto [error] = co_await socket_.async_accept(request, Awaitable);
    co_return !error;
  }

  // Connects to plinthd; on failure the viewer is told, and should try again. False as well when the gateway
  // began to stop meanwhile.
  asio::awaitable<bool> connect() {
    if (!leaving_) {
      const auto [error] =
          co_await plinthd_.async_connect(Unix::endpoint{context_.socket.string()}, Awaitable);
      if (!error) co_return true;
    }
    if (!leaving_) leave(ServiceRestart, "plinthd is not running");
    co_await socket_.async_close({websocket::close_code{*leaving_}, reason_}, Awaitable);
    co_return false;
  }

  // Viewer to plinthd. Waits for plinthd, so a viewer that floods waits for itself.
  asio::awaitable<void> carry_up() {
    Allowance allowance{Allowance::Clock::now()};
    beast::flat_buffer message;
    for (;;) {
      const auto [error, size] = co_await socket_.async_read(message, Awaitable);
      if (error) {
        leave(Normal, error == websocket::error::closed ? "closed by the page" : error.message());
        co_return;
      }
      if (!socket_.got_binary()) {
        leave(UnsupportedData, "only binary messages are understood");
        co_return;
      }
      if (!allowance.take(Allowance::Clock::now())) {
        leave(PolicyViolation,
              "too many messages: at most 20 a second. Reload the page; if it comes back, call service.");
        co_return;
      }
      const std::string prefix = length_prefix(size);
      const std::array<asio::const_buffer, 2> frame{asio::buffer(prefix), message.data()};
      const auto [write_error, written] = co_await asio::async_write(plinthd_, frame, Awaitable);
      if (write_error) {
        leave(ServiceRestart, "plinthd closed the connection");
        co_return;
      }
      message.clear();
    }
  }

  // plinthd to the outbox. Never waits for the viewer.
  asio::awaitable<void> carry_down() {
    FrameSplitter frames;
    std::array<char, std::size_t{16} * 1024> bytes{};
    for (;;) {
      const auto [error, size] = co_await plinthd_.async_read_some(asio::buffer(bytes), Awaitable);
      if (error) {
        leave(ServiceRestart, "plinthd closed the connection");
        co_return;
      }
      frames.feed({bytes.data(), size});
      while (auto frame = frames.next()) {
        if (!outbox_.push(std::move(*frame))) {
          leave(TryAgainLater, "the viewer is too slow");
          co_return;
        }
      }
      if (frames.broken()) {
        leave(InternalError, "plinthd sent what is no frame");
        co_return;
      }
      wake_.cancel();
    }
  }

  // The outbox to the viewer; the only one that writes to the WebSocket.
  asio::awaitable<void> send() {
    for (;;) {
      while (const auto frame = outbox_.pop()) {
        const auto [error, size] = co_await socket_.async_write(asio::buffer(*frame), Awaitable);
        if (error) {
          leave(Normal, error.message());
          co_return;
        }
      }
      if (leaving_) {
        co_await socket_.async_close({websocket::close_code{*leaving_}, reason_}, Awaitable);
        co_return;
      }
      wake_.expires_at(asio::steady_timer::time_point::max());
      co_await wake_.async_wait(Awaitable);
    }
  }

  void leave(std::uint16_t code, const std::string& reason) override {
    if (leaving_) return;
    leaving_ = code;
    reason_ = reason.substr(0, 120);  // a close frame has room for 123 bytes
    beast::error_code ignored;
    plinthd_.close(ignored);
    wake_.cancel();
    farewell_.expires_after(FarewellTime);
    farewell_.async_wait([weak = weak_from_this()](const beast::error_code& error) {
      if (error) return;
      if (const auto self = weak.lock()) beast::get_lowest_layer(self->socket_).close();
    });
  }

 private:
  Context& context_;
  websocket::stream<beast::tcp_stream, false> socket_;  // false: no compression
  Unix::socket plinthd_;
  Outbox outbox_;
  asio::steady_timer wake_;  // cancelled when there is something to send
  asio::steady_timer farewell_;
  std::optional<std::uint16_t> leaving_;
  std::string reason_ = "the handshake failed";
};

// Runs one part of a viewer, and holds the viewer as long as it runs.
asio::awaitable<void> run(std::shared_ptr<Bridge> viewer, asio::awaitable<void> (Bridge::*part)()) {
  co_await (*viewer.*part)();
}

}  // namespace

asio::awaitable<void> bridge(beast::tcp_stream stream, http::request<http::empty_body> request,
                             Context& context) {
  const auto executor = co_await asio::this_coro::executor;
  const auto viewer = std::make_shared<Bridge>(std::move(stream), context);
  if (!co_await viewer->accept(request)) co_return;
  if (!co_await viewer->connect()) co_return;
  // `||` would throw on an ordinary close; so each part ends by itself once somebody has called leave().
  asio::co_spawn(executor, run(viewer, &Bridge::carry_down), asio::detached);
  asio::co_spawn(executor, run(viewer, &Bridge::send), asio::detached);
  co_await viewer->carry_up();
}

}  // namespace plinth::gateway
