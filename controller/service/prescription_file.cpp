#include "controller/service/prescription_file.hpp"

#include <fcntl.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include <boost/crc.hpp>

#include "controller/service/translate.hpp"
#include "plinth/v1/files.pb.h"

namespace plinth::service {
namespace {

constexpr std::uint32_t Schema = 1;
// Ours has half a kilobyte. Beyond this it is another file.
constexpr std::uintmax_t LargestFile = std::uintmax_t{64} * 1024;

tl::unexpected<std::string> because(std::string_view what, const std::filesystem::path& path, int error) {
  return tl::unexpected{std::string{what} + " " + path.string() + ": " +
                        std::system_category().message(error)};
}

// A descriptor that closes itself. close() reports, because a full disk may only then be told.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_{fd} {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  int close() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// The checksum is over the values, not over the text: white space and the order of fields do not matter.
std::uint32_t checksum_of(const v1::Prescription& prescription) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream out{&bytes};
    google::protobuf::io::CodedOutputStream coded{&out};
    coded.SetSerializationDeterministic(true);
    prescription.SerializeToCodedStream(&coded);
  }
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

std::string text_of(const rehab::Prescription& prescription) {
  v1::StoredPrescription stored;
  stored.set_schema(Schema);
  *stored.mutable_prescription() = message_of(prescription);
  stored.set_checksum(checksum_of(stored.prescription()));
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string text;
  // Cannot fail: every field of ours has a JSON form.
  (void)google::protobuf::util::MessageToJsonString(stored, &text, options);
  return text;
}

std::string in_words(const std::vector<rehab::Refusal>& refusals) {
  std::string words;
  for (const rehab::Refusal& refusal : refusals) words += " " + rehab::in_words(refusal);
  return words;
}

}  // namespace

PrescriptionFile::PrescriptionFile(std::filesystem::path path) : path_{std::move(path)}, staged_{path_} {
  staged_ += ".new";
}

tl::expected<std::optional<rehab::Prescription>, std::string> PrescriptionFile::load() const {
  std::error_code error;
  const auto status = std::filesystem::status(path_, error);
  if (status.type() == std::filesystem::file_type::not_found) return std::nullopt;
  if (error) return because("cannot read", path_, error.value());
  if (!std::filesystem::is_regular_file(status)) {
    return tl::unexpected{path_.string() + " is not a regular file: name the file of the prescription"};
  }
  if (std::filesystem::file_size(path_, error) > LargestFile || error) {
    return tl::unexpected{path_.string() + " is far larger than a prescription: it is another file"};
  }
  const std::ifstream file{path_, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return because("cannot read", path_, errno);

  const std::string damaged = "the kept prescription " + path_.string() + " is damaged";
  v1::StoredPrescription stored;
  const auto parsed = google::protobuf::util::JsonStringToMessage(text.str(), &stored);
  if (!parsed.ok()) {
    // The parser shows the place in lines of its own; one line is enough for the log and for the screen.
    const std::string_view message{parsed.message().data(), parsed.message().size()};
    return tl::unexpected{damaged + ": " + std::string{message.substr(0, message.find('\n'))}};
  }
  if (stored.schema() != Schema) {
    return tl::unexpected{"the kept prescription " + path_.string() + " is of schema " +
                          std::to_string(stored.schema()) + "; this program reads schema " +
                          std::to_string(Schema)};
  }
  if (stored.checksum() != checksum_of(stored.prescription())) {
    return tl::unexpected{damaged + ": its checksum does not match its values"};
  }
  auto prescription = prescription_of(stored.prescription());
  if (!prescription) {
    return tl::unexpected{"the kept prescription " + path_.string() +
                          " is not allowed any more:" + in_words(prescription.error())};
  }
  return *prescription;
}

Written PrescriptionFile::stage(const rehab::Prescription& prescription) const {
  // Only this program reads it: it says something about a person.
  Descriptor file{::open(staged_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR)};
  if (!file.is_open()) return because("cannot create", staged_, errno);
  if (!write_all(file.get(), text_of(prescription)) || ::fsync(file.get()) != 0 || file.close() != 0) {
    auto failure = because("cannot write", staged_, errno);
    discard();
    return failure;
  }
  return {};
}

Written PrescriptionFile::commit() const {
  if (::rename(staged_.c_str(), path_.c_str()) != 0) return because("cannot replace", path_, errno);
  const std::filesystem::path folder = path_.has_parent_path() ? path_.parent_path() : ".";
  const Descriptor opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!opened.is_open() || ::fsync(opened.get()) != 0) return because("cannot flush", folder, errno);
  return {};
}

void PrescriptionFile::discard() const {
  std::error_code ignored;
  std::filesystem::remove(staged_, ignored);
}

}  // namespace plinth::service
