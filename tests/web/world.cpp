#include "world.h"

#include <Poco/Exception.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/X509Certificate.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/text.h"

namespace cosell::web {
namespace {

constexpr std::chrono::seconds kPatience{30};
constexpr std::size_t kLargeBytes = 64 * 1024 * 1024;

OutboundHttp TellBack(const InboundHttp& request) {
  nlohmann::json told = {
      {"method", request.method},       {"path", request.path},
      {"query", request.query},         {"parameters", request.parameters},
      {"body", request.body},           {"remote_address", request.remote_address},
      {"role", ToString(request.role)}, {"headers", nlohmann::json::object()}};
  for (const auto& [name, value] : request.headers) told["headers"][name] = value;
  return JsonAnswer(200, told.dump());
}

std::string PemOf(const std::function<int(BIO*)>& write) {
  BIO* bio = ::BIO_new(::BIO_s_mem());
  EXPECT_EQ(write(bio), 1);
  char* data = nullptr;
  const long size = ::BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  ::BIO_free(bio);
  return pem;
}

ServerOptions OnAnyPort(ServerOptions options) {
  options.port = 0;
  return options;
}

}  // namespace

void ListLog::Write(LogLevel, std::string_view message, Fields fields) {
  const std::lock_guard lock(mutex_);
  lines_ += message;
  for (const auto& [name, value] : fields) lines_ += " " + std::string(name) + "=" + value;
  lines_ += '\n';
}

std::string ListLog::All() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

bool Eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

bool Answer::Has(const std::string& header_line) const {
  return ToLower(head).find(ToLower("\r\n" + header_line + "\r\n")) != std::string::npos;
}

Client::Client(std::uint16_t port, Poco::Net::Context::Ptr tls)
    : socket_(Poco::Net::SocketAddress("127.0.0.1", port)) {
  if (tls) socket_ = Poco::Net::SecureStreamSocket::attach(socket_, tls);
  socket_.setReceiveTimeout(Poco::Timespan(kPatience.count(), 0));
}

bool Client::Send(std::string_view bytes) {
  try {
    while (!bytes.empty()) {
      const int sent = socket_.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  } catch (const Poco::Exception&) {
    return false;
  }
}

bool Client::Receive() {
  char block[16 * 1024];
  try {
    const int size = socket_.receiveBytes(block, sizeof block);
    if (size <= 0) return false;
    received_.append(block, static_cast<std::size_t>(size));
    return true;
  } catch (const Poco::TimeoutException&) {
    ADD_FAILURE() << "the server said nothing";
    return false;
  } catch (const Poco::Exception&) {
    return false;
  }
}

Answer Client::Read(bool body_expected) {
  Answer answer;
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!Receive()) return {};
  }
  answer.head = received_.substr(0, end + 4);
  received_.erase(0, end + 4);
  std::size_t length = 0;
  const auto at = ToLower(answer.head).find("\r\ncontent-length: ");
  if (body_expected && at != std::string::npos) length = std::stoul(answer.head.substr(at + 18));
  while (received_.size() < length) {
    if (!Receive()) return {};
  }
  answer.body = received_.substr(0, length);
  received_.erase(0, length);
  answer.status = std::stoi(answer.head.substr(9, 3));
  return answer;
}

bool Client::IsHungUp() {
  while (Receive()) {
  }
  return !::testing::Test::HasFailure();
}

std::string Client::TlsCertificateName() {
  return Poco::Net::SecureStreamSocket(socket_).peerCertificate().commonName();
}

std::string Get(const std::string& path, const std::string& headers) {
  return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n";
}

std::string Post(const std::string& path, const std::string& body, const std::string& headers) {
  return "POST " + path +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

Files::Files() {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  const auto path = std::filesystem::temp_directory_path() /
                    (std::string("cosell-web-") + test->test_suite_name() + "-" + test->name());
  std::filesystem::create_directories(path);
  folder_ = path.string();
}

Files::~Files() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string Files::Write(const std::string& name, const std::string& content) const {
  const std::string file = folder_ + "/" + name;
  std::ofstream(file, std::ios::binary) << content;
  return file;
}

CertificateAndKey MakeCertificate(const std::string& name) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = ::X509_new();
  ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate), 1);
  ::X509_gmtime_adj(::X509_getm_notBefore(certificate), -3600);
  ::X509_gmtime_adj(::X509_getm_notAfter(certificate), 3600);
  ::X509_set_pubkey(certificate, key);
  X509_NAME* subject = ::X509_get_subject_name(certificate);
  ::X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  ::X509_set_issuer_name(certificate, subject);
  EXPECT_GT(::X509_sign(certificate, key, ::EVP_sha256()), 0);
  CertificateAndKey made;
  made.certificate = PemOf([&](BIO* bio) { return ::PEM_write_bio_X509(bio, certificate); });
  made.key = PemOf([&](BIO* bio) {
    return ::PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
  ::X509_free(certificate);
  ::EVP_PKEY_free(key);
  return made;
}

World::World(ServerOptions options) {
  auto server = Server::Start(OnAnyPort(std::move(options)), Routes(), clock_, counters_, log_);
  if (!server) throw std::runtime_error(server.error().message);
  server_ = *std::move(server);
}

World::~World() {
  ReleaseSlow();
  StopServer();
}

std::vector<Route> World::Routes() {
  const auto fine = [](const InboundHttp&) { return OutboundHttp{200, "text/plain", "fine", {}}; };
  return {{"POST", "/webhooks/{connection}/partner-center", Role::none, 1000, TellBack},
          {"GET", "/told", Role::none, 0, TellBack},
          {"GET", "/healthz", Role::none, 0, fine},
          {"GET", "/view", Role::viewer, 0, TellBack},
          {"POST", "/operate", Role::operator_, 100, TellBack},
          {"GET", "/throws", Role::none, 0,
           [](const InboundHttp&) -> OutboundHttp { throw std::runtime_error("disk full"); }},
          {"GET", "/large", Role::none, 0,
           [](const InboundHttp&) {
             return OutboundHttp{200, "text/plain", std::string(kLargeBytes, 'x'), {}};
           }},
          {"POST", "/slow", Role::none, 100, [this](const InboundHttp&) { return RunSlowly(); }}};
}

OutboundHttp World::RunSlowly() {
  ++slow_running_;
  std::unique_lock lock(mutex_);
  released_.wait(lock, [&] { return release_; });
  --slow_running_;
  return OutboundHttp{200, "text/plain", "at last", {}};
}

void World::ReleaseSlow() {
  const std::lock_guard lock(mutex_);
  release_ = true;
  released_.notify_all();
}

}  // namespace cosell::web
