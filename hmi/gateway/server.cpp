#include "hmi/gateway/server.hpp"

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "hmi/gateway/context.hpp"
#include "hmi/gateway/http.hpp"

namespace plinth::gateway {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using namespace std::chrono_literals;

constexpr auto Awaitable = asio::as_tuple(asio::use_awaitable);
constexpr auto FarewellTime = 1s;
constexpr std::uint16_t GoingAway = 1001;

Tcp::acceptor listening(asio::io_context& io, const Endpoint& endpoint) {
  Tcp::acceptor acceptor{io};
  try {
    const Tcp::endpoint address{asio::ip::make_address(endpoint.host), endpoint.port};
    acceptor.open(address.protocol());
    acceptor.set_option(Tcp::acceptor::reuse_address{true});
    acceptor.bind(address);
    acceptor.listen();
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error{"cannot listen on " + endpoint.host + ":" + std::to_string(endpoint.port) +
                             ": " + error.code().message() +
                             ". Choose another address or port with --listen; port 0 takes a free one."};
  }
  return acceptor;
}

// Counts a connection as long as it lives.
class Place {
 public:
  explicit Place(Context& context) : context_{context} { ++context_.connections; }
  ~Place() { --context_.connections; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  Context& context_;
};

asio::awaitable<void> serve(Tcp::socket socket, Context& context) {
  const Place place{context};
  co_await serve_http(std::move(socket), context);
}

void turn_away(Tcp::socket socket) {
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  constexpr std::string_view Words =
      "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  socket.write_some(asio::buffer(Words), ignored);
}

}  // namespace

struct Server::Parts {
  // What connections share outlives the loop that holds their coroutines.
  Context context;
  asio::io_context io{1};
  Tcp::acceptor acceptor;
  asio::signal_set signals{io};
  asio::steady_timer farewell{io};

  Parts(const Settings& settings, Site site, Log log)
      : context{std::move(site), Origins{{"http://unset"}, {}}, settings.socket, std::move(log)},
        acceptor{listening(io, settings.listen)} {
    const auto local = acceptor.local_endpoint();
    context.origins = Origins{settings.origins, {local.address().to_string(), local.port()}};
  }

  asio::awaitable<void> accept() {
    for (;;) {
      auto [error, socket] = co_await acceptor.async_accept(Awaitable);
      if (error == asio::error::operation_aborted) co_return;
      if (error) {
        // Out of descriptors, most likely: those who are here are served, new ones wait.
        context.log("cannot accept: " + error.message());
        asio::steady_timer pause{io, 200ms};
        co_await pause.async_wait(Awaitable);
        continue;
      }
      if (context.connections >= MostConnections) {
        turn_away(std::move(socket));
        continue;
      }
      asio::co_spawn(io, serve(std::move(socket), context), asio::detached);
    }
  }

  void stop() {
    boost::system::error_code ignored;
    acceptor.close(ignored);
    signals.cancel(ignored);
    const auto viewers = context.viewers;  // leave() may take one out
    for (Viewer* const viewer : viewers) viewer->leave(GoingAway, "the gateway is stopping");
    wait_for_viewers(std::chrono::steady_clock::now() + FarewellTime);
  }

  void wait_for_viewers(std::chrono::steady_clock::time_point until) {
    if (context.viewers.empty() || std::chrono::steady_clock::now() >= until) {
      io.stop();
      return;
    }
    farewell.expires_after(20ms);
    farewell.async_wait([this, until](const boost::system::error_code&) { wait_for_viewers(until); });
  }
};

Server::Server(const Settings& settings, Site site, Log log)
    : parts_{std::make_unique<Parts>(settings, std::move(site), std::move(log))} {}
Server::~Server() = default;

Endpoint Server::endpoint() const {
  const auto local = parts_->acceptor.local_endpoint();
  return {local.address().to_string(), local.port()};
}

void Server::run() {
  asio::co_spawn(parts_->io, parts_->accept(), asio::detached);
  parts_->io.run();
}

void Server::stop() {
  asio::post(parts_->io, [parts = parts_.get()] { parts->stop(); });
}

void Server::stop_on_signals() {
  parts_->signals.add(SIGTERM);
  parts_->signals.add(SIGINT);
  parts_->signals.async_wait([parts = parts_.get()](const boost::system::error_code& error, int) {
    if (!error) parts->stop();
  });
}

}  // namespace plinth::gateway
