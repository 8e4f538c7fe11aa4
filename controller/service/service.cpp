#include "controller/service/service.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <chrono>
#include <deque>
#include <exception>
#include <new>
#include <stdexcept>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "controller/service/desk.hpp"
#include "proto/framing.hpp"

namespace plinth::service {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;
using SteadyClock = std::chrono::steady_clock;

// Errors are values here: an ordinary close is no exception.
constexpr auto Await = asio::as_tuple(asio::use_awaitable);

constexpr auto TickEvery = std::chrono::milliseconds{5};
constexpr auto LastWordsWithin = std::chrono::milliseconds{500};
constexpr std::size_t MostClients = 64;
// A client that has not taken this many answers does not read. It is cut off; nobody waits for it.
constexpr std::size_t MostUndelivered = 256;
constexpr std::size_t ReadAtOnce = std::size_t{16} * 1024;

units::Instant now() {
  return units::Instant{std::chrono::duration_cast<units::Duration>(SteadyClock::now().time_since_epoch())};
}

struct Connection {
  Connection(ClientId its_id, stream_protocol::socket its_socket)
      : id{its_id}, socket{std::move(its_socket)}, something_to_send{socket.get_executor()} {}

  ClientId id;
  stream_protocol::socket socket;
  asio::steady_timer something_to_send;     // never expires: cancelled to wake the writer
  std::deque<std::string> undelivered;      // must arrive, in order
  std::shared_ptr<const std::string> news;  // newest wins
  bool hanging_up = false;
};
using ConnectionPtr = std::shared_ptr<Connection>;

[[noreturn]] void cannot_listen(const std::filesystem::path& socket, const std::string& why) {
  throw std::runtime_error{"cannot listen on " + socket.string() + ": " + why};
}

// A socket file outlives a daemon that was killed. It is removed only when nobody answers there.
void remove_stale(asio::io_context& io, const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::symlink_status(path, error);
  if (!std::filesystem::exists(status)) return;
  if (!std::filesystem::is_socket(status)) {
    cannot_listen(path, "there is something else of that name; remove it or name another path");
  }
  stream_protocol::socket probe{io};
  error_code refused;
  if (!probe.connect(stream_protocol::endpoint{path.string()}, refused)) {
    cannot_listen(path, "another plinthd answers there; end it first, one station has one daemon");
  }
  if (refused != asio::error::connection_refused) cannot_listen(path, refused.message());
  std::filesystem::remove(path, error);
}

}  // namespace

class Service::Server final : public Outbox, public std::enable_shared_from_this<Server> {
 public:
  Server(asio::io_context& io, const Settings& settings, cycle::Channels& channels)
      : io_{io},
        channels_{channels},
        path_{settings.socket},
        file_{settings.prescription_file},
        desk_{{.server = settings.server, .simulation = settings.simulation},
              channels,
              file_,
              *this,
              [this](auto work, auto done) { aside(std::move(work), std::move(done)); }},
        acceptor_{io},
        ticks_{io} {}

  void start() {
    listen();
    desk_.restore(now());
    spawn(accept());
    spawn(watch());
  }

  void tell(UnitTroubles troubles) { desk_.tell(std::move(troubles)); }

  void stop() {
    if (!std::exchange(listening_, false)) return;
    error_code ignored;
    acceptor_.close(ignored);
    std::error_code gone;
    std::filesystem::remove(path_, gone);
    ticks_.cancel();
    desk_.close();
  }

  void deliver(ClientId to, std::string frame) override {
    const auto found = connections_.find(to);
    if (found == connections_.end()) return;
    Connection& connection = *found->second;
    if (connection.undelivered.size() >= MostUndelivered) {
      cut_off(connection);
      return;
    }
    connection.undelivered.push_back(std::move(frame));
    connection.something_to_send.cancel();
  }

  void refresh(const std::vector<ClientId>& to, std::string frame) override {
    const auto news = std::make_shared<const std::string>(std::move(frame));
    for (const ClientId id : to) {
      const auto found = connections_.find(id);
      if (found == connections_.end()) continue;
      found->second->news = news;
      found->second->something_to_send.cancel();
    }
  }

  void hang_up(ClientId client) override {
    const auto found = connections_.find(client);
    if (found == connections_.end()) return;
    found->second->hanging_up = true;
    found->second->something_to_send.cancel();
    spawn(cut_off_later(found->second));
  }

 private:
  // The disk has a thread of its own. `self` goes back to the io thread with `done`: the pool must not be
  // ended by its own thread.
  void aside(std::function<void()> work, std::function<void()> done) {
    asio::post(disk_, [self = shared_from_this(), keep_running = asio::make_work_guard(io_),
                       work = std::move(work), done = std::move(done)]() mutable {
      work();
      asio::post(keep_running.get_executor(), [self = std::move(self), done = std::move(done)] { done(); });
    });
  }

  // Without memory a coroutine ends by an exception: then the client whose it was is gone, and nobody else.
  void spawn(asio::awaitable<void> work, ConnectionPtr of = nullptr) {
    asio::co_spawn(io_, std::move(work),
                   [self = shared_from_this(), of = std::move(of)](const std::exception_ptr& failure) {
                     if (!failure) return;
                     try {
                       std::rethrow_exception(failure);
                     } catch (const std::exception& e) {
                       spdlog::error("service: {}", e.what());
                     }
                     if (of) self->forget(*of);
                   });
  }

  void listen() {
    if (path_.string().size() >= sizeof(sockaddr_un::sun_path)) {
      cannot_listen(path_, "the path is longer than the " +
                               std::to_string(sizeof(sockaddr_un::sun_path) - 1) +
                               " characters of a Unix socket");
    }
    remove_stale(io_, path_);
    error_code error;
    acceptor_.open(stream_protocol{}, error);
    if (!error) acceptor_.bind(stream_protocol::endpoint{path_.string()}, error);
    if (error) cannot_listen(path_, error.message());
    // Nobody can connect before listen(), so nobody slips in before the mode is set.
    if (::chmod(path_.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0) {
      cannot_listen(path_, std::system_category().message(errno));
    }
    acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) cannot_listen(path_, error.message());
    listening_ = true;
    spdlog::info("listening on {}", path_.string());
  }

  asio::awaitable<void> accept() {
    while (listening_) {
      auto [error, socket] = co_await acceptor_.async_accept(Await);
      if (!listening_) co_return;
      if (error) {  // no descriptors left, most likely: wait for some
        spdlog::warn("cannot accept: {}", error.message());
        asio::steady_timer pause{io_, std::chrono::milliseconds{100}};
        (void)co_await pause.async_wait(Await);
        continue;
      }
      try {
        welcome(std::move(socket));
      } catch (const std::bad_alloc&) {  // the door stays open: the next may find memory again
        spdlog::error("service: no memory for another client");
      }
    }
  }

  void welcome(stream_protocol::socket socket) {
    auto connection = std::make_shared<Connection>(++last_id_, std::move(socket));
    ucred peer{};
    socklen_t size = sizeof(peer);
    (void)::getsockopt(connection->socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size);
    spdlog::info("client={} connected pid={} uid={}", connection->id, peer.pid, peer.uid);
    connections_.emplace(connection->id, connection);
    desk_.arrived(connection->id, now());
    spawn(write_to(connection), connection);
    spawn(read_from(connection), connection);
    if (connections_.size() > MostClients) desk_.broken(connection->id, rehab::RefusalCode::Busy);
  }

  asio::awaitable<void> read_from(ConnectionPtr connection) {
    proto::FrameReader frames{proto::LongestFromClient};
    std::array<char, ReadAtOnce> buffer{};
    while (!connection->hanging_up) {
      const auto [error, size] = co_await connection->socket.async_read_some(asio::buffer(buffer), Await);
      if (error) break;
      frames.feed({buffer.data(), size});
      take_frames(*connection, frames);
    }
    // While hanging up, the writer still has something to say.
    if (!connection->hanging_up) forget(*connection);
  }

  void take_frames(Connection& connection, proto::FrameReader& frames) {
    while (!connection.hanging_up) {
      const auto frame = frames.next();
      if (!frame) {
        desk_.broken(connection.id, frame.error() == proto::FrameFault::TooLong
                                        ? rehab::RefusalCode::TooLarge
                                        : rehab::RefusalCode::Malformed);
        return;
      }
      if (!*frame) return;
      desk_.received(connection.id, **frame, now());
    }
  }

  asio::awaitable<void> write_to(ConnectionPtr connection) {
    while (connection->socket.is_open()) {
      std::shared_ptr<const std::string> frame;
      if (!connection->undelivered.empty()) {
        frame = std::make_shared<const std::string>(std::move(connection->undelivered.front()));
        connection->undelivered.pop_front();
      } else if (connection->hanging_up) {
        break;
      } else if (connection->news) {
        frame = std::exchange(connection->news, nullptr);
      } else {
        connection->something_to_send.expires_at(asio::steady_timer::time_point::max());
        (void)co_await connection->something_to_send.async_wait(Await);
        continue;
      }
      const auto [error, size] = co_await asio::async_write(connection->socket, asio::buffer(*frame), Await);
      if (error) break;
    }
    forget(*connection);
  }

  asio::awaitable<void> cut_off_later(ConnectionPtr connection) {
    asio::steady_timer patience{io_, LastWordsWithin};
    (void)co_await patience.async_wait(Await);
    cut_off(*connection);
  }

  static void cut_off(Connection& connection) {
    error_code ignored;
    connection.socket.close(ignored);  // ends its reader and its writer
    connection.something_to_send.cancel();
  }

  void forget(Connection& connection) {
    cut_off(connection);
    desk_.left(connection.id);
    connections_.erase(connection.id);
  }

  // Without ticks nobody is told anything and nobody notices that no screen is left: no set goes on like
  // that.
  asio::awaitable<void> watch() {
    try {
      co_await keep_ticking();
    } catch (const std::exception& e) {
      spdlog::critical("service: {}. The load is released, the legs are lowered, and the program ends.",
                       e.what());
      channels_.quit = true;
    }
  }

  asio::awaitable<void> keep_ticking() {
    auto next = SteadyClock::now();
    while (listening_) {
      desk_.tick(now());
      next = std::max(next + TickEvery, SteadyClock::now());
      ticks_.expires_at(next);
      (void)co_await ticks_.async_wait(Await);
    }
  }

  asio::io_context& io_;
  cycle::Channels& channels_;
  std::filesystem::path path_;
  PrescriptionFile file_;
  Desk desk_;
  stream_protocol::acceptor acceptor_;
  asio::steady_timer ticks_;
  std::map<ClientId, ConnectionPtr> connections_;
  ClientId last_id_ = 0;
  bool listening_ = false;
  asio::thread_pool disk_{1};
};

Service::Service(asio::io_context& io, const Settings& settings, cycle::Channels& channels)
    : server_{std::make_shared<Server>(io, settings, channels)} {}

Service::~Service() {
  server_->stop();
}

void Service::start() {
  server_->start();
}

void Service::tell(UnitTroubles troubles) {
  server_->tell(std::move(troubles));
}

void Service::stop() {
  server_->stop();
}

}  // namespace plinth::service
