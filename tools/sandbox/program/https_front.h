#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace cosell::sandbox {

class World;

// Puts a world behind loopback sockets: one TLS listener per origin, and a plain one for AIA. A
// second program on the same port fails to bind. Threads of its own; the world serialises.
class HttpsFront {
 public:
  // PEM files of the server certificate. Throws std::runtime_error when they are no good.
  HttpsFront(const std::string& certificate_file, const std::string& key_file);
  ~HttpsFront();

  // Takes the port (0: any free one) on 127.0.0.1 and returns the origin, "https://localhost:8443".
  // Throws std::runtime_error naming a port that is in use.
  std::string Bind(std::uint16_t port);
  std::string BindPlain(std::uint16_t port);

  // Serves all bound origins from `world`, which must outlive the front.
  void Start(World& world);
  void Stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// A loopback port nobody listens on at the moment.
std::uint16_t FreePort();

}  // namespace cosell::sandbox
