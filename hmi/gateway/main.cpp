// plinth-hmi: serves the page and carries its messages to plinthd and back. A client of plinthd's socket, and
// nothing more: it can be killed at any time, and the station stays safe.
#include <sys/resource.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>

#include "hmi/gateway/server.hpp"
#include "hmi/gateway/settings.hpp"
#include "hmi/gateway/site.hpp"

namespace {

using namespace plinth::gateway;

constexpr int Failed = 1;
constexpr int BadInput = 2;
// 64 connections, 32 of them with a second descriptor to plinthd; the rest is slack. A bug that leaks
// descriptors ends here and not in the whole machine.
constexpr rlim_t MostDescriptors = 512;

void limit_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= MostDescriptors) return;
  limit.rlim_cur = MostDescriptors;
  limit.rlim_max = MostDescriptors;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::string address_of(const Endpoint& endpoint) {
  const bool six = endpoint.host.find(':') != std::string::npos;
  return "http://" + (six ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

// Why a station file cannot be read, and what to do; empty when it can.
std::string trouble_with(const std::string& config) {
  std::error_code ignored;
  const auto status = std::filesystem::status(config, ignored);
  if (!std::filesystem::exists(status)) {
    return "there is no such file; start from deploy/station.example.toml";
  }
  if (std::filesystem::is_directory(status)) return "it is a folder; name the station file inside it";
  if (!std::ifstream{config}) return "it cannot be read; let the user who runs plinth-hmi read it";
  return {};
}

int run(const std::string& config, const Overrides& overrides, bool check_only) {
  std::string text;
  if (!config.empty()) {
    const std::string trouble = trouble_with(config);
    if (!trouble.empty()) {
      std::cerr << config << ": " << trouble << '\n';
      return BadInput;
    }
    std::ifstream file{config};
    text.assign(std::istreambuf_iterator<char>{file}, {});
  }
  const auto settings = settings_from(text, config.empty() ? "command line" : config,
                                      std::filesystem::path{config}.parent_path(), overrides);
  if (!settings) {
    for (const auto& mistake : settings.error()) std::cerr << mistake << '\n';
    return BadInput;
  }
  auto site = Site::read(settings->web);
  if (!site) {
    std::cerr << site.error() << '\n';
    return BadInput;
  }
  if (check_only) {
    std::cout << "good: " << address_of(settings->listen) << ", " << site->files() << " files of the page\n";
    return 0;
  }
  Server server{*settings, std::move(*site), [](const std::string& words) { std::cerr << words << '\n'; }};
  server.stop_on_signals();
  std::cout << "listening " << address_of(server.endpoint()) << '\n' << std::flush;
  server.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Serves Plinth's page to browsers and connects it to plinthd.", "plinth-hmi"};
  std::string config;
  Overrides overrides;
  bool check = false;
  app.add_option("--config", config, "The station file; its [hmi] table is read");
  app.add_option("--listen", overrides.listen, "ADDRESS:PORT instead of hmi.listen; port 0 takes a free one");
  app.add_option("--socket", overrides.socket, "plinthd's socket instead of hmi.socket");
  app.add_option("--web", overrides.web, "Folder of the built page instead of hmi.web");
  app.add_flag("--check", check, "Read everything, report every mistake, start nothing");
  app.footer(
      "Example:\n  plinth-hmi --socket /run/plinth/plinthd.sock --web hmi/web/dist --listen 127.0.0.1:8080");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : BadInput;
  }
  try {
    limit_descriptors();
    return run(config, overrides, check);
  } catch (const std::exception& error) {
    std::cerr << "plinth-hmi: " << error.what() << '\n';
    return Failed;
  }
}
